// A form whose words the browser keeps until the server has them: another part of the page, a
// reload or the end of a session loses nothing. It is sent under a key, so that pressing twice,
// or again after an outage, is one thing.
import { useCallback, useEffect, useRef, useState } from "react";

const BUTTON =
  "inline-flex items-center justify-center gap-2.5 min-h-11 px-5 rounded-xl text-[15px] font-semibold whitespace-nowrap";
export const PRIMARY = `${BUTTON} bg-ink text-bg hover:opacity-90 aria-disabled:opacity-55`;
export const GHOST = `${BUTTON} border border-hairline2 text-ink hover:bg-card2`;
const KEY = "sent_key";
const FILE = "file_chosen";
const OPEN = "studymaster:open";

const placeOf = (draft) => `studymaster:draft:${draft}`;

/* What the browser kept under a name; nothing where it keeps nothing. */
export function keptOf(draft) {
  try {
    const found = JSON.parse(window.sessionStorage.getItem(placeOf(draft)));
    return found && typeof found === "object" && !Array.isArray(found) ? found : {};
  } catch {
    return {};
  }
}

function write(draft, values) {
  try {
    if (values) window.sessionStorage.setItem(placeOf(draft), JSON.stringify(values));
    else window.sessionStorage.removeItem(placeOf(draft));
  } catch {
    // Storage may be full, or forbidden: the words are still on the page.
  }
}

const isChoice = (field) => field.type === "radio" || field.type === "checkbox";
const fieldsOf = (form) =>
  [...form.elements].filter(
    (field) => field.name && field.type !== "file" && (!isChoice(field) || field.checked),
  );
const valuesOf = (form) =>
  Object.fromEntries(fieldsOf(form).map((field) => [field.name, field.value]));
const hasWords = (form) =>
  fieldsOf(form).some(
    (field) => /^(text|textarea)$/.test(field.type) && field.value.trim(),
  );

const holdsFile = (form) =>
  [...form.elements].some((field) => field.type === "file" && field.files.length > 0);

/* Whether a file was chosen for what is kept. It is not kept itself. */
export const hadFile = (draft) => FILE in keptOf(draft);

function newKey() {
  const bytes = window.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* Keeps what is typed into a form. `take` is what goes out, under one key for the same words;
   `forget` is for when it has arrived. */
export function useKept(draft) {
  const form = useRef(null);
  const key = useRef("");
  const attach = useCallback(
    (element) => {
      form.current = element;
      if (!element) return;
      const kept = keptOf(draft);
      key.current = typeof kept[KEY] === "string" ? kept[KEY] : "";
      for (const field of fieldsOf(element))
        if (typeof kept[field.name] === "string" && !isChoice(field))
          field.value = kept[field.name];
    },
    [draft],
  );
  const keep = ({ target }) => {
    key.current = "";
    // Only at the field itself is a file taken back; a reload empties it by no one's wish.
    const isKnown = target.type !== "file" && hadFile(draft);
    const file = isKnown || holdsFile(form.current) ? { [FILE]: "yes" } : {};
    write(draft, hasWords(form.current) ? { ...valuesOf(form.current), ...file } : null);
  };
  const take = () => {
    key.current ||= newKey();
    const values = { ...valuesOf(form.current), [KEY]: key.current };
    write(draft, values);
    return values;
  };
  const forget = () => {
    key.current = "";
    form.current?.reset();
    write(draft, null);
  };
  const isTaken = (sent) => Boolean(sent) && (key.current || keptOf(draft)[KEY]) === sent;
  return { attach, keep, take, forget, isTaken };
}

/* Whether a form shows below its button: also when something is kept for it, and when a
   button elsewhere on the page opens it. */
export function useOpening(draft) {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    if (Object.keys(keptOf(draft)).length) setOpen(true);
    const open = (event) => event.detail === draft && setOpen(true);
    window.addEventListener(OPEN, open);
    return () => window.removeEventListener(OPEN, open);
  }, [draft]);
  return [isOpen, setOpen];
}

/* `sent` is the key of what the server has taken last. Without an `opener` it always shows. */
export function KeptForm({ draft, sent, opener, onSend, className, children }) {
  const { attach, keep, take, forget, isTaken } = useKept(draft);
  const [isOpen, setOpen] = useOpening(draft);
  const button = useRef(null);

  useEffect(() => {
    if (!isTaken(sent)) return;
    forget();
    setOpen(false);
    button.current?.focus();
    // Only news from the server empties the form.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [sent]);

  const submit = (event) => {
    event.preventDefault();
    onSend(take());
  };
  return (
    <>
      {opener && (
        <button
          ref={button}
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className={isOpen ? GHOST : PRIMARY}
        >
          {isOpen ? "Close" : opener}
        </button>
      )}
      {(isOpen || !opener) && (
        <form ref={attach} onInput={keep} onSubmit={submit} className={className}>
          {children}
        </form>
      )}
    </>
  );
}

/* A button that opens a form elsewhere on the page, and leads there. */
export function FormOpener({ draft, field, label }) {
  const open = () => {
    window.dispatchEvent(new CustomEvent(OPEN, { detail: draft }));
    requestAnimationFrame(() => document.getElementById(field)?.focus());
  };
  return (
    <button type="button" onClick={open} className={GHOST}>
      {label}
    </button>
  );
}
