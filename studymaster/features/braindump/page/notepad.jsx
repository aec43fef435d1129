// Where notes are typed: nothing that was typed is lost by a closed tab, a dead connection or
// an expired session, because the browser keeps a copy until the server has taken it.
import { useCallback, useEffect, useId, useRef, useState } from "react";
import { useNavigate } from "react-router";

const NO_WORDS = "Type something first.";
const SAVE_AFTER_MS = 700;
const TRY_AGAIN_MS = 5000;
const MOST_TRIES = 24;
const USUAL = "thought";
const KINDS = [
  ["thought", "Thought"],
  ["todo", "Todo"],
  ["question", "Question"],
  ["study", "Study"],
];
const FIELD =
  "w-full px-3.5 py-3 rounded-[10px] bg-bg text-ink border border-edge font-study text-[18px] leading-relaxed";
const PRIMARY =
  "inline-flex items-center justify-center gap-2.5 min-h-11 px-5 rounded-xl text-[15px] font-semibold whitespace-nowrap bg-ink text-bg hover:opacity-90 aria-disabled:opacity-55";

/* One place for what the browser keeps. Storage may be full, or forbidden: then it keeps nothing. */
function remembered(name) {
  try {
    return JSON.parse(window.localStorage.getItem(name));
  } catch {
    return null;
  }
}

function remember(name, value) {
  try {
    if (value === null) window.localStorage.removeItem(name);
    else window.localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // The words are still on the page, and on their way to the server.
  }
}

/* What the browser kept of a note that the server does not have, or null. */
function unsaved(place, text) {
  const kept = remembered(place);
  return kept && kept.text !== text ? kept : null;
}

/* Where a page is not served over https, browsers offer no randomUUID. */
export function newId() {
  const bytes = window.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const REFUSED = "studymaster:refused";

function grow(field) {
  if (!field) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

/* Sends a new note until the server has it (`caught` is the id of what it kept last). However
   often it is tried it is one note: `going` holds its id and words, null when nothing goes. */
function useCatching({ place, caught, onCatch, onKept }) {
  const [going, setGoing] = useState(null);
  const first = useRef(null);
  const [tries, setTries] = useState(0);

  const start = (note) => {
    if (first.current) return; // a second click comes before the next drawing
    first.current = note;
    setGoing(note);
    setTries(1);
    if (place) remember(place, note);
    onCatch(note.id, note.text, note.kind);
  };
  const stop = () => {
    first.current = null;
    setGoing(null);
  };

  useEffect(() => {
    if (!going) return undefined;
    // What was refused is not sent again by itself; the words stay in the box.
    const refused = () => {
      if (place) remember(place, { text: going.text, kind: going.kind });
      stop();
    };
    window.addEventListener(REFUSED, refused);
    return () => window.removeEventListener(REFUSED, refused);
  }, [going, place]);

  useEffect(() => {
    if (!going || caught !== going.id) return;
    stop();
    onKept(going);
    // Only news from the server empties the box.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [caught, going]);

  useEffect(() => {
    if (!going || tries > MOST_TRIES) return undefined;
    const timer = setTimeout(() => {
      setTries(tries + 1);
      onCatch(going.id, going.text, going.kind);
    }, TRY_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [going, tries, onCatch]);

  return { going, isLate: tries > 1, start, stop };
}

export function CatchBox({ account, caught, onCatch, children }) {
  const [text, setText] = useState("");
  const [kind, setKind] = useState(USUAL);
  const [said, setSaid] = useState("");
  const field = useRef(null);
  const name = useId();
  const place = account && `sm-draft:${account}:box`;
  const empty = () => {
    setText("");
    setKind(USUAL);
    setSaid("Kept");
    remember(place, null);
    field.current?.focus();
  };
  const { going, isLate, start, stop } = useCatching({ place, caught, onCatch, onKept: empty });

  useEffect(() => {
    const kept = place ? remembered(place) : null;
    if (!kept) return;
    setText((now) => now || kept.text);
    setKind(kept.kind);
    if (kept.id) start(kept); // it was on its way when the page was left
    // Once, as soon as it is known whose box this is.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [place]);

  useEffect(() => grow(field.current), [text]);

  const type = (words, as = kind) => {
    setText(words);
    setKind(as);
    setSaid("");
    stop();
    if (place) remember(place, words.trim() ? { text: words, kind: as } : null);
  };
  const send = (event) => {
    event.preventDefault();
    if (!text.trim()) {
      type("");
      setSaid(NO_WORDS);
      return field.current?.focus();
    }
    return start({ id: newId(), text, kind });
  };
  const keyed = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(event);
  };

  return (
    <form onSubmit={send} className="line-dump">
      <label htmlFor={`${name}-text`} className="sr-only">
        A thought, before it is gone
      </label>
      <textarea
        id={`${name}-text`}
        ref={field}
        rows={2}
        maxLength={100000}
        value={text}
        placeholder="A thought, before it is gone. Markdown and #tags work."
        onChange={(event) => type(event.target.value)}
        onKeyDown={keyed}
        data-key="n"
        data-key-label="Catch a thought"
        onClick={() => field.current?.focus()}
        className={`${FIELD} resize-none max-h-[40dvh]`}
      />
      <div className="flex flex-wrap items-center gap-2 mt-3">
        <fieldset className="flex flex-wrap gap-1 sm:gap-1.5">
          <legend className="sr-only">Kind of note</legend>
          {KINDS.map(([value, words]) => (
            <label
              key={value}
              className="inline-flex items-center min-h-11 px-2 sm:px-3.5 rounded-[10px] text-[14px] font-medium text-ink2 cursor-pointer has-checked:bg-card2 has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-hue"
            >
              <input
                type="radio"
                name={`${name}-kind`}
                value={value}
                checked={kind === value}
                onChange={() => type(text, value)}
                className="sr-only"
              />
              {words}
            </label>
          ))}
        </fieldset>
        <span className="ml-auto flex items-center gap-2">
          <span role="status" className="text-[13px] text-ink2">
            {going && isLate ? "Not kept yet. Trying again" : said}
          </span>
          {children}
          <button type="submit" aria-disabled={Boolean(going)} className={PRIMARY}>
            Keep
            <kbd
              aria-hidden="true"
              className="max-md:hidden font-body text-[11px] font-semibold border border-current/40 border-b-2 rounded-md px-1.5 leading-[1.45]"
            >
              Ctrl ⏎
            </kbd>
          </button>
        </span>
      </div>
    </form>
  );
}

/* The address follows words that became a note of their own, so that a reload shows them;
   where it names another note by now, the student has gone on. */
function useFollowing() {
  const navigate = useNavigate();
  const go = useRef(navigate);
  go.current = navigate;
  return useCallback((from, to) => {
    const { pathname, search } = window.location;
    const address = new URLSearchParams(search);
    if (address.get("note") !== from) return;
    address.set("note", to);
    go.current(`${pathname}?${address}`, { replace: true });
  }, []);
}

/* Keeps `words` with the server while they are typed; `base` is what the server has.

   A copy stays in the browser until the server has answered. It is tried again for as long as
   no answer comes, and when the note is opened the next time. */
function useKept({ place, noteId, version, text, onSave }) {
  const follow = useFollowing();
  const [words, setWords] = useState(() => unsaved(place, text)?.text ?? text);
  const base = useRef(null);
  base.current ??= { place, noteId, version: unsaved(place, text)?.version ?? version, text };
  const sent = useRef(null);
  const timer = useRef(0);
  const latest = useRef(words);
  latest.current = words;

  const send = useCallback(() => {
    clearTimeout(timer.current);
    if (latest.current === base.current.text) return;
    sent.current = latest.current;
    onSave(base.current.noteId, base.current.version, latest.current);
    timer.current = setTimeout(send, TRY_AGAIN_MS);
  }, [onSave]);

  useEffect(() => {
    const before = base.current;
    const isOther = noteId !== before.noteId;
    const isOurs = text === sent.current;
    if (isOther && !isOurs) {
      if (latest.current !== before.text) onSave(before.noteId, before.version, latest.current);
      const kept = unsaved(place, text);
      base.current = { place, noteId, version: kept ? kept.version : version, text };
      sent.current = null;
      clearTimeout(timer.current);
      setWords(kept ? kept.text : text);
      if (kept) timer.current = setTimeout(send, SAVE_AFTER_MS);
      return;
    }
    if (version === before.version && !isOther) return;
    const wasClean = latest.current === before.text;
    if (!isOurs && !wasClean && !isOther) return; // another tab was faster: what is sent next tells
    // What was typed became a note of its own: the one before is as another tab left it.
    if (isOther) {
      remember(before.place, null);
      follow(before.noteId, noteId);
    }
    base.current = { place, noteId, version, text };
    clearTimeout(timer.current);
    if (wasClean) setWords(text);
    else if (latest.current !== text) {
      remember(place, { text: latest.current, version });
      timer.current = setTimeout(send, SAVE_AFTER_MS);
    }
  }, [place, noteId, version, text, send, follow, onSave]);

  useEffect(() => {
    if (!unsaved(place, text)) remember(place, null);
  }, [place, words, text]);

  useEffect(() => {
    if (latest.current !== base.current.text) timer.current = setTimeout(send, SAVE_AFTER_MS);
    const leave = () => send();
    document.addEventListener("visibilitychange", leave);
    return () => {
      document.removeEventListener("visibilitychange", leave);
      send();
      clearTimeout(timer.current);
    };
    // Only when the pad is drawn and taken away: changes of the note are handled above.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  const type = (next) => {
    setWords(next);
    remember(place, { text: next, version: base.current.version });
    clearTimeout(timer.current);
    timer.current = setTimeout(send, SAVE_AFTER_MS);
  };
  return [words, type, send];
}

export function NotePad({ account, noteId, version, text, label, onSave }) {
  const place = `sm-draft:${account}:${noteId}`;
  const [words, type, saveNow] = useKept({ place, noteId, version, text, onSave });
  const field = useRef(null);
  useEffect(() => grow(field.current), [words]);
  return (
    <div>
      <textarea
        ref={field}
        rows={8}
        maxLength={100000}
        aria-label={label}
        value={words}
        onChange={(event) => type(event.target.value)}
        onBlur={saveNow}
        className={`${FIELD} resize-none min-h-[32dvh]`}
      />
      <p role="status" className="mt-1.5 text-[13px] text-ink2">
        {words === text ? "Saved" : "Saving"}
      </p>
    </div>
  );
}
