// A card as it will be asked, while it is written.
import { useDeferredValue, useEffect, useRef, useState } from "react";
import {
  CardAnswer,
  CardQuestion,
  gapsOf,
  readMasks,
} from "$/public/external/studymaster/features/flashcards/page/face/face.jsx";

const TEXTS = ["front", "back", "extra", "masks"];
const EMPTY = { front: "", back: "", extra: "", masks: "" };

function numbersOf(kind, texts) {
  const found = kind === "cloze" ? gapsOf(texts.front) : kind === "occlusion" ? readMasks(texts.masks) : [];
  return [...new Set(found.map((one) => one.number))].filter(Boolean).sort((one, two) => one - two);
}

/* Stands in the form of a card; `kind` is the one that is chosen. */
export function CardPreview({ kind, visit }) {
  const place = useRef(null);
  const [texts, setTexts] = useState(EMPTY);
  const [wanted, setWanted] = useState(0);
  useEffect(() => {
    const form = place.current.closest("form");
    const read = () =>
      setTexts(
        Object.fromEntries(TEXTS.map((name) => [name, form.elements.namedItem(name)?.value ?? ""])),
      );
    read();
    form.addEventListener("input", read);
    return () => form.removeEventListener("input", read);
  }, [visit, kind]);

  const shown = useDeferredValue(texts);
  const numbers = numbersOf(kind, shown);
  const ordinal = numbers.includes(wanted) ? wanted : (numbers[0] ?? 0);
  const card = { ...shown, kind: kind === "reversed" ? "basic" : kind, ordinal };
  const isEmpty = !shown.front.trim();
  return (
    <section
      ref={place}
      aria-label="Preview"
      className="min-w-0 rounded-2xl border border-hairline bg-card2 p-4 flex flex-col gap-3"
    >
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="text-[14px] font-semibold text-ink2">Preview</h3>
        {numbers.length > 1 && (
          <div role="group" aria-label="Which card" className="flex flex-wrap gap-1">
            {numbers.map((number) => (
              <button
                key={number}
                type="button"
                aria-pressed={number === ordinal}
                aria-label={`Card ${number}`}
                onClick={() => setWanted(number)}
                className={`min-w-11 min-h-11 rounded-[10px] border text-[14px] font-semibold ${
                  number === ordinal ? "border-hue text-ink" : "border-hairline2 text-ink2"
                }`}
              >
                {number}
              </button>
            ))}
          </div>
        )}
      </div>
      {isEmpty ? (
        <p className="text-[14px] text-ink2">What you write appears here as it will be asked.</p>
      ) : (
        <div className="font-study text-[18px] leading-relaxed min-w-0 [overflow-wrap:anywhere]">
          <CardQuestion card={card} />
          <hr className="my-4 border-t border-hairline2" />
          <CardAnswer card={card} />
        </div>
      )}
      {kind === "reversed" && !isEmpty && (
        <p className="text-[13px] text-ink2">A second card asks the other way round.</p>
      )}
    </section>
  );
}
