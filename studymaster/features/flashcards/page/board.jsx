// The picture on which places are covered: drawn, moved and sized by mouse, finger or keyboard.
import { useEffect, useRef, useState } from "react";
import {
  pictureOf,
  readMasks,
} from "$/public/external/studymaster/features/flashcards/page/face/face.jsx";
import { addressOf } from "$/public/external/studymaster/ui/written/written.jsx";

const STEP = 0.01;
const LEAST = 0.01;
const HIGHEST = 500;
const LONGEST_LABEL = 100;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const BUTTON =
  "min-h-11 px-3.5 rounded-[10px] border border-hairline2 text-[14px] font-semibold text-ink " +
  "hover:bg-card2 disabled:text-ink3";

const within = (value, least, most) => Math.min(Math.max(value, least), most);
const short = (value) => (Number(value.toFixed(4)).toString().replace(/^0(?=\.)/, "") || "0");

const escaped = (label) => label.replace(/[%:{}<>&"\\=\x00-\x1f\x7f]/g, encodeURIComponent);
const labelled = (mask) => (mask.label ? `:label=${escaped(mask.label)}` : "");

/* The notation of masks.py; a shape of another program stays as it came until it is moved. */
function write(masks) {
  return masks
    .map((mask) => {
      if (mask.written) {
        const plain = mask.written
          .replace(/\{\{c\d+/, `{{c${mask.number}`)
          .replace(/:oi=\d|:label=[^:}]*/g, "");
        return plain.replace(/\}\}$/, () => `${mask.hidesAll ? ":oi=1" : ""}${labelled(mask)}}}`);
      }
      const box = ["left", "top", "width", "height"].map((side) => `${side}=${short(mask[side])}`);
      const everywhere = mask.hidesAll ? ":oi=1" : "";
      return `{{c${mask.number}::image-occlusion:rect:${box.join(":")}${everywhere}${labelled(mask)}}}`;
    })
    .join("\n");
}

const moved = (mask, x, y) => ({
  ...mask,
  written: "",
  left: within(mask.left + x, 0, 1 - mask.width),
  top: within(mask.top + y, 0, 1 - mask.height),
});
const sized = (mask, x, y) => ({
  ...mask,
  written: "",
  width: within(mask.width + x, LEAST, 1 - mask.left),
  height: within(mask.height + y, LEAST, 1 - mask.top),
});
const between = (one, two) => ({
  left: Math.min(one[0], two[0]),
  top: Math.min(one[1], two[1]),
  width: Math.abs(one[0] - two[0]),
  height: Math.abs(one[1] - two[1]),
});

/* The places, as the hidden field of the form holds them. */
function useMasks(place, visit) {
  const [text, setText] = useState("");
  const [picture, setPicture] = useState({ name: "", words: "" });
  useEffect(() => {
    const form = place.current.closest("form");
    const read = (event) => {
      // Its own fields tell themselves; drawn anew in between, they would lose the letter.
      if (event && place.current.contains(event.target)) return;
      setText(form.elements.namedItem("masks")?.value ?? "");
      setPicture(pictureOf(form.elements.namedItem("front")?.value));
    };
    read();
    form.addEventListener("input", read);
    return () => form.removeEventListener("input", read);
  }, [visit]);
  const keep = (masks) => {
    const field = place.current.closest("form").elements.namedItem("masks");
    field.value = write(masks);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  return { picture, masks: readMasks(text), keep };
}

/* Stands in the form of a card with a picture, beside the fields `front` and `masks`. */
export function OcclusionBoard({ visit, problem }) {
  const place = useRef(null);
  const surface = useRef(null);
  const drag = useRef(null);
  const [chosen, setChosen] = useState(-1);
  const [drawn, setDrawn] = useState(null);
  const [broken, setBroken] = useState("");
  const { picture, masks, keep } = useMasks(place, visit);
  const [hidesAll, setHidesAll] = useState(true);
  const everywhere = masks.length ? masks.some((mask) => mask.hidesAll) : hidesAll;

  useEffect(() => setChosen(-1), [visit]);

  const change = (index, next) => keep(masks.map((mask, at) => (at === index ? next : mask)));
  const focusOn = (index) => {
    setChosen(index);
    setTimeout(() => surface.current?.querySelectorAll("[data-place]")[index]?.focus());
  };
  const add = (box) => {
    const number = Math.min(HIGHEST, Math.max(0, ...masks.map((mask) => mask.number)) + 1);
    keep([...masks, { ...box, number, hidesAll: everywhere, label: "", written: "" }]);
    focusOn(masks.length);
  };
  const remove = (index) => {
    keep(masks.filter((_, at) => at !== index));
    setChosen(-1);
    if (masks.length > 1) focusOn(Math.max(0, index - 1));
  };

  const at = (event) => {
    const { left, top, width, height } = surface.current.getBoundingClientRect();
    return [within((event.clientX - left) / width, 0, 1), within((event.clientY - top) / height, 0, 1)];
  };
  const begin = (event) => {
    if (event.button > 0) return;
    const index = Number(event.target.closest("[data-place]")?.dataset.place ?? -1);
    const how = event.target.closest("[data-handle]") ? "size" : index < 0 ? "draw" : "move";
    drag.current = { how, index, from: at(event), mask: masks[index] };
    surface.current.setPointerCapture(event.pointerId);
    if (index >= 0) focusOn(index);
  };
  const follow = (event) => {
    if (!drag.current) return;
    const { how, from, mask } = drag.current;
    const [x, y] = at(event);
    if (how === "draw") setDrawn(between(from, [x, y]));
    else setDrawn((how === "size" ? sized : moved)(mask, x - from[0], y - from[1]));
  };
  const end = () => {
    const done = drag.current;
    drag.current = null;
    setDrawn(null);
    if (!done || !drawn) return;
    if (done.how !== "draw") change(done.index, drawn);
    else if (Math.min(drawn.width, drawn.height) >= LEAST) add(drawn);
  };
  const press = (event, index) => {
    const arrow = ARROWS[event.key];
    if (arrow) {
      const step = STEP * (event.altKey ? 0.2 : 1);
      change(index, (event.shiftKey ? sized : moved)(masks[index], arrow[0] * step, arrow[1] * step));
    } else if (event.key === "Enter") place.current.querySelector("[data-label]")?.focus();
    else if (event.key === "Delete" || event.key === "Backspace") remove(index);
    else return;
    event.preventDefault();
  };

  const style = (box) =>
    Object.fromEntries(["left", "top", "width", "height"].map((side) => [side, `${100 * box[side]}%`]));
  const boxes = masks.map((mask, index) =>
    drawn && drag.current?.index === index ? { ...mask, ...drawn } : mask,
  );
  const isThere = picture.name && broken !== picture.name;
  return (
    <div ref={place} role="group" aria-label="Places on the picture" className="flex flex-col gap-3">
      {isThere ? (
        <div className="text-center">
          <div
            ref={surface}
            className="relative inline-block max-w-full align-top bg-paper rounded-lg overflow-hidden touch-none select-none cursor-crosshair"
            onPointerDown={begin}
            onPointerMove={follow}
            onPointerUp={end}
            onPointerCancel={() => {
              drag.current = null;
              setDrawn(null);
            }}
          >
            <img
              src={addressOf(picture.name)}
              alt={picture.words}
              draggable={false}
              className="block max-w-full h-auto max-h-[56dvh]"
              onError={() => setBroken(picture.name)}
            />
            {boxes.map((mask, index) => (
              <button
                key={index}
                type="button"
                data-place={index}
                aria-label={[
                  `Place ${index + 1} of ${boxes.length}`,
                  ...(mask.label ? [mask.label] : []),
                  `asked by card ${mask.number}`,
                ].join(", ")}
                aria-keyshortcuts="Enter Delete"
                aria-pressed={index === chosen}
                onFocus={() => setChosen(index)}
                onKeyDown={(event) => press(event, index)}
                style={style(mask)}
                className={`absolute rounded-[3px] border-2 font-body font-bold text-[14px] leading-none cursor-move ${
                  index === chosen
                    ? "bg-[#f2a65a]/80 border-[#8f3d12] text-[#4a1d05]"
                    : "bg-[#d8d3c8]/80 border-[#6b6558] text-[#3a362e]"
                }`}
              >
                <span className="block truncate px-0.5">
                  {mask.label ? `${mask.number} ${mask.label}` : mask.number}
                </span>
                {index === chosen && (
                  <span
                    data-handle
                    aria-hidden="true"
                    className="absolute -right-0.5 -bottom-0.5 size-6 cursor-nwse-resize rounded-tl-md bg-[#8f3d12]"
                  />
                )}
              </button>
            ))}
            {drawn && drag.current?.how === "draw" && (
              <span
                aria-hidden="true"
                style={style(drawn)}
                className="absolute rounded-[3px] border-2 border-dashed border-[#8f3d12] bg-[#f2a65a]/50"
              />
            )}
          </div>
        </div>
      ) : (
        <p className="rounded-xl border border-dashed border-hairline2 p-6 text-center text-[14px] text-ink2">
          {broken
            ? "That picture is not here. Choose another one."
            : "Choose a picture, or paste one into the text above. Then drag over the places to cover."}
        </p>
      )}
      {isThere && (
        <>
          <div className="flex flex-wrap items-center gap-2">
            <button
              type="button"
              className={BUTTON}
              onClick={() => add({ left: 0.4, top: 0.4, width: 0.2, height: 0.1 })}
            >
              Add a place
            </button>
            <button
              type="button"
              className={BUTTON}
              disabled={chosen < 0}
              onClick={() => remove(chosen)}
            >
              Remove the place
            </button>
            {masks[chosen] && (
              <label className="flex items-center gap-2 text-[14px] text-ink2">
                Asked by card
                <input
                  type="number"
                  min={1}
                  max={HIGHEST}
                  value={masks[chosen].number}
                  className="w-20 min-h-11 px-2 rounded-[10px] border border-edge bg-card text-ink"
                  onChange={(event) => {
                    const number = Math.round(Number(event.target.value));
                    if (number >= 1 && number <= HIGHEST) change(chosen, { ...masks[chosen], number });
                  }}
                />
              </label>
            )}
            {masks[chosen] && (
              <label className="flex items-center gap-2 text-[14px] text-ink2 grow basis-56">
                <span className="shrink-0">Name</span>
                <input
                  type="text"
                  data-label=""
                  dir="auto"
                  autoComplete="off"
                  maxLength={LONGEST_LABEL}
                  placeholder="Shown with the answer"
                  value={masks[chosen].label}
                  className="w-full min-w-0 min-h-11 px-3 rounded-[10px] border border-edge bg-card text-ink"
                  onChange={(event) => change(chosen, { ...masks[chosen], label: event.target.value })}
                  onKeyDown={(event) => {
                    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
                    event.preventDefault(); // back to the place, not the end of the form
                    focusOn(chosen);
                  }}
                />
              </label>
            )}
          </div>
          <fieldset className="flex flex-wrap gap-x-5 text-[14px]">
            <legend className="sr-only">What is covered</legend>
            {[
              [true, "Hide all, ask one"],
              [false, "Hide one, ask it"],
            ].map(([all, words]) => (
              <label key={words} className="flex items-center gap-2 min-h-11">
                <input
                  type="radio"
                  checked={everywhere === all}
                  onChange={() => {
                    setHidesAll(all);
                    keep(masks.map((mask) => ({ ...mask, hidesAll: all })));
                  }}
                />
                {words}
              </label>
            ))}
          </fieldset>
          <p className="text-[13px] text-ink2">
            Drag over the picture to cover a place. By keyboard: arrows move the chosen place, Shift
            and arrows size it, Enter leads to its name and back, Delete removes it. Places of one
            number are asked together.
          </p>
        </>
      )}
      <p role="alert" className="text-[14px] text-acct-ink empty:hidden">
        {problem}
      </p>
    </div>
  );
}
