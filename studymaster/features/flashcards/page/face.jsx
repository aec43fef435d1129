// The two sides of a card, whatever its kind: words, formulas, gaps, pictures, sounds, and
// pictures with covered places.
import { useState } from "react";
import { addressOf, askedOf, gapsOf, Written } from "$/public/external/studymaster/ui/written/written.jsx";

const MASK = /\{\{c([0-9]{1,3})::image-occlusion:([a-z]{1,12})((?::[^{}\n]*)?)\}\}/g;
const PICTURE =
  /!\[((?:[^\]\\\n]|\\.){0,300})\]\(\s*(?:<([^<>\n]{1,300})>|([^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*))(?:\s+"[^"\n]*")?\s*\)/;

const boundsOf = (points) => {
  const pairs = (points ?? "").split(" ").map((point) => point.split(",").map(Number));
  const lefts = pairs.map(([left]) => left);
  const tops = pairs.map(([, top]) => top);
  const [left, top] = [Math.min(...lefts), Math.min(...tops)];
  return { left, top, width: Math.max(...lefts) - left, height: Math.max(...tops) - top };
};

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/* The covered places as masks.py reads them; a shape is its bounding box here. */
export function readMasks(text) {
  return [...(text ?? "").matchAll(MASK)]
    .map(([written, number, shape, pairs]) => {
      const facts = Object.fromEntries(pairs.split(":").filter(Boolean).map((pair) => pair.split("=")));
      const box =
        shape === "polygon"
          ? boundsOf(facts.points)
          : {
              left: Number(facts.left),
              top: Number(facts.top),
              width: shape === "ellipse" ? 2 * Number(facts.rx) : Number(facts.width),
              height: shape === "ellipse" ? 2 * Number(facts.ry) : Number(facts.height),
            };
      const plain = shape === "rect" && !("angle" in facts) && !("fill" in facts);
      const label = decoded(facts.label ?? "");
      const hidesAll = facts.oi === "1";
      return { number: Number(number), ...box, hidesAll, label, written: plain ? "" : written };
    })
    .filter((mask) => [mask.left, mask.top, mask.width, mask.height].every(Number.isFinite));
}

/* The names of what is under the places that a card asks, each once. */
export function labelsOf(masks, ordinal) {
  const asked = readMasks(masks).filter((mask) => mask.number === ordinal);
  return [...new Set(asked.map((mask) => mask.label.trim()).filter(Boolean))];
}

/* The first picture of a text, and the text without it. */
export function pictureOf(text) {
  const found = (text ?? "").match(PICTURE);
  if (!found) return { name: "", words: "", rest: text ?? "" };
  let name = found[2] ?? found[3];
  try {
    name = decodeURIComponent(name);
  } catch {
    // Then it is called so.
  }
  return { name, words: found[1], rest: text.replace(found[0], "").trim() };
}

const percent = (part) => `${100 * part}%`;

/* A picture with its covered places; the asked ones are marked, and open once `revealed`. */
export function Occluded({ front, masks, ordinal, revealed = false }) {
  const [broken, setBroken] = useState("");
  const { name, words } = pictureOf(front);
  const places = readMasks(masks);
  const asked = places.filter((mask) => mask.number === ordinal);
  const others = places.filter(
    (mask) => mask.number !== ordinal && (mask.hidesAll || mask.number === 0),
  );
  if (!name || broken === name) {
    return <p className="text-ink2 text-[16px]">{`The picture is not here any more. ${words}`}</p>;
  }
  const several = asked.length === 1 ? "1 place is" : `${asked.length} places are`;
  const labels = labelsOf(masks, ordinal).join(", ");
  const said = revealed
    ? `The answer is uncovered${labels && ": "}${labels}. ${words}`
    : `${several} covered and asked for${others.length ? `, ${others.length} more are covered` : ""}. ${words}`;
  const box = (mask, index, look, inside = null) => (
    <span
      key={`${mask.number}-${index}`}
      aria-hidden="true"
      className={`absolute grid place-items-center rounded-[3px] font-body font-bold text-[14px] leading-none ${look}`}
      style={{
        left: percent(mask.left),
        top: percent(mask.top),
        width: percent(mask.width),
        height: percent(mask.height),
      }}
    >
      {inside}
    </span>
  );
  return (
    <figure className="m-0 text-center">
      <span className="relative inline-block max-w-full align-top bg-paper rounded-lg overflow-hidden">
        <img
          src={addressOf(name)}
          alt={said}
          className="block max-w-full h-auto max-h-[62dvh]"
          onError={() => setBroken(name)}
        />
        {(revealed ? [] : others).map((mask, index) =>
          box(mask, index, "bg-[#d8d3c8] border border-[#6b6558] text-[#3a362e]"),
        )}
        {asked.map((mask, index) =>
          revealed
            ? box(mask, index, "border-2 border-[#b4552d]")
            : box(mask, index, "bg-[#f2a65a] border-2 border-[#8f3d12] text-[#4a1d05]", "?"),
        )}
      </span>
      {revealed && labels && (
        <figcaption dir="auto" className="mt-3 font-semibold text-ink [overflow-wrap:anywhere]">
          {labels}
        </figcaption>
      )}
    </figure>
  );
}

const isCloze = (card) => card.kind === "cloze";
const isCovered = (card) => card.kind === "occlusion";

function Covered({ card, revealed }) {
  const { rest } = pictureOf(card.front);
  return (
    <>
      {rest && <Written text={rest} media className="mb-3" />}
      <Occluded front={card.front} masks={card.masks} ordinal={card.ordinal} revealed={revealed} />
    </>
  );
}

/* What a card asks; `card` is {kind, front, back, ordinal, masks, extra}. */
export function CardQuestion({ card, className = "" }) {
  return (
    <div className={className}>
      {isCovered(card) ? (
        <Covered card={card} revealed={false} />
      ) : (
        <Written text={card.front} gap={isCloze(card) ? "blank" : ""} asked={card.ordinal ?? 0} media />
      )}
    </div>
  );
}

/* What a card answers, and what stands under it. */
export function CardAnswer({ card, className = "" }) {
  return (
    <div className={className}>
      {isCovered(card) && <Covered card={card} revealed />}
      {isCloze(card) ? (
        <Written text={card.front} gap="filled" asked={card.ordinal ?? 0} media />
      ) : (
        <Written text={card.back} media />
      )}
      {card.extra && (
        <Written text={card.extra} media className="mt-4 text-[0.82em] leading-snug text-ink2" />
      )}
    </div>
  );
}

/* The words of a side, for reading aloud: no marks, no pictures, a gap as "blank". */
export function plainWords(card, side) {
  const asked = isCloze(card) ? askedOf(card.front, card.ordinal ?? 0) : 0;
  const text = side === "front" || isCloze(card) ? card.front : card.back;
  const filled = (text ?? "").replace(
    /\{\{c([1-9][0-9]{0,2})::(.*?)\}\}(?!\})/gs,
    (_, number, inside) =>
      side === "front" && isCloze(card) && Number(number) === asked
        ? ` … ${inside.split("::").slice(1).join(" ")} `
        : inside.split("::")[0],
  );
  return filled
    .replace(new RegExp(PICTURE, "g"), "$1")
    .replace(/\[sound:[^\]]*\]/g, " ")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^ {0,3}(#{1,6}|>|[-*+]|\d+[.)])\s+/gm, "")
    .replace(/(\*\*|__|~~|`)/g, "")
    .trim();
}

export { gapsOf };
