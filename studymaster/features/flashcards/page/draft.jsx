// Cards that are half typed: their words outlive a closed window, and a side that has become
// too long says by how much. Nothing that was typed is cut or thrown away.
import { useCallback, useEffect, useRef, useState } from "react";

const KEPT = ["front", "back", "extra", "masks", "tags"];
// From this part of the limit on it is said how much room is left.
const SAID_FROM = 0.8;

// By student and card, as long as the tab lives: a page that is loaded anew finds them again.
const drafts = {
  get: (name) => {
    try {
      return JSON.parse(sessionStorage.getItem(name)) ?? undefined;
    } catch {
      return undefined;
    }
  },
  set: (name, draft) => {
    try {
      sessionStorage.setItem(name, JSON.stringify(draft));
    } catch {
      // No room or none allowed: then the words live as long as their window.
    }
  },
  delete: (name) => sessionStorage.removeItem(name),
};
let sent = null;

const fieldsOf = (form) =>
  KEPT.map((name) => form.elements.namedItem(name)).filter(Boolean);
const isTyped = (field) => field.value !== field.defaultValue;

function keep(card, form, kind) {
  const fields = fieldsOf(form);
  if (!fields.some(isTyped)) drafts.delete(card);
  else drafts.set(card, { kind, words: fields.map((field) => [field.name, field.value]) });
}

/* Puts kept words back into the fields; tells whether there were any. */
function restore(card, form) {
  const draft = drafts.get(card);
  if (!draft) return false;
  for (const [name, value] of draft.words) {
    const field = form.elements.namedItem(name);
    if (field && field.value !== value) {
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  return true;
}

/* Stands in the form of a card. `card` is its id, empty for a new one; `visit` changes when
   the fields begin afresh; `saved` goes up by one whenever a card was kept; `shelf` differs
   for every student. */
export function DraftKeeper({ card: id, visit, saved, shelf, kind, onKind }) {
  const [back, setBack] = useState(false);
  const card = `studymaster.draft.${shelf}.${id}`;
  const place = useRef(null);
  const latest = useRef({});
  latest.current = { saved, kind, onKind };

  useEffect(() => {
    const form = place.current.closest("form");
    if (sent?.card === card && sent.saved !== latest.current.saved) drafts.delete(card);
    const wanted = drafts.get(card)?.kind;
    setBack(restore(card, form));
    if (wanted && wanted !== latest.current.kind && !id) latest.current.onKind(wanted);
    const type = () => keep(card, form, latest.current.kind);
    const send = () => {
      sent = { card, saved: latest.current.saved };
    };
    form.addEventListener("input", type);
    form.addEventListener("submit", send);
    return () => {
      form.removeEventListener("input", type);
      form.removeEventListener("submit", send);
    };
  }, [card, id, visit]);

  const forget = useCallback(() => {
    const form = place.current.closest("form");
    drafts.delete(card);
    for (const field of fieldsOf(form)) field.value = field.defaultValue;
    form.dispatchEvent(new Event("input", { bubbles: true }));
    setBack(false);
    fieldsOf(form)[0]?.focus();
  }, [card]);

  return (
    <div ref={place} role="status" className="empty:hidden">
      {back && (
        <p className="flex flex-wrap items-center justify-between gap-x-3 text-[14px] text-ink2">
          What you typed before is still here.
          <button
            type="button"
            onClick={forget}
            className="min-h-11 px-2 font-semibold text-ink underline underline-offset-4 decoration-edge"
          >
            Start afresh
          </button>
        </p>
      )}
    </div>
  );
}

/* Says how much room a field has left, once it matters. */
export function RoomLeft({ field, most, visit }) {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const input = document.getElementById(field);
    if (!input) return undefined;
    const read = () => setCount(input.value.trim().length);
    read();
    input.addEventListener("input", read);
    return () => input.removeEventListener("input", read);
  }, [field, visit]);
  const over = count - most;
  const number = (value) => value.toLocaleString("en");
  return (
    <p
      role="status"
      className={`text-[13px] tabular-nums -mt-2.5 empty:hidden ${over > 0 ? "text-acct-ink" : "text-ink2"}`}
    >
      {count > most * SAID_FROM &&
        (over > 0
          ? `${number(count)} of ${number(most)} characters: ${number(over)} too many.`
          : `${number(count)} of ${number(most)} characters.`)}
    </p>
  );
}
