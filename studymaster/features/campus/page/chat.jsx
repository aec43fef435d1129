// A group's chat. The server sends a window over the newest messages; the browser puts it
// together with what it was shown before, keeps what is being typed, and holds on to what was
// sent until the server has it.
import { SendHorizontal, Trash2 } from "lucide-react";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

const STORE = "studymaster.chat.";
const BACK = "studymaster:back";
const LATE_AFTER_MS = 6000;
const NEAR_THE_END_PX = 80;
const COUNT_FROM = 200;
const WITH_KEYS = "(hover: hover) and (pointer: fine)";
const NO_WORDS = {
  removed_by_author: "Removed by its author",
  removed_by_moderator: "Removed by a moderator",
  hidden: "Hidden: you two do not meet here",
};

const BUTTON =
  "inline-flex items-center justify-center min-h-11 px-3.5 rounded-xl text-[14px] font-semibold whitespace-nowrap";
const GHOST = `${BUTTON} border border-hairline2 text-ink hover:bg-card2`;
const DANGER = `${BUTTON} border border-acct text-acct-ink hover:bg-card2`;

function read(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function write(name, value) {
  try {
    if (value.length) localStorage.setItem(name, JSON.stringify(value));
    else localStorage.removeItem(name);
  } catch {
    // Then it lives as long as the tab.
  }
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const byTime = (one, other) =>
  one.sent_at < other.sent_at || (one.sent_at === other.sent_at && one.id < other.id) ? -1 : 1;

/* Puts messages together with those that are known. What begins after a gap replaces them. */
function joined(known, incoming) {
  if (!incoming.length) return known;
  const ids = new Set(known.map((one) => one.id));
  const touches = incoming.some((one) => ids.has(one.id));
  if (known.length && !touches && byTime(known[known.length - 1], incoming[0]) < 0)
    return incoming;
  const all = new Map([...known, ...incoming].map((one) => [one.id, one]));
  return [...all.values()].sort(byTime);
}

function useMessages(messages, older, removed) {
  const [known, setKnown] = useState(messages);
  useEffect(() => {
    setKnown((before) => (messages.length ? joined(before, messages) : []));
  }, [messages]);
  useEffect(() => {
    setKnown((before) => {
      const meets = before.length && older.length && byTime(older[older.length - 1], before[0]) < 0;
      return meets ? [...older, ...before] : before;
    });
  }, [older]);
  return useMemo(() => {
    const gone = new Map(removed.map((one) => [one.id, one]));
    return known.map((one) => gone.get(one.id) ?? one);
  }, [known, removed]);
}

/* What this browser sent and the server has not confirmed; it outlives a reload. */
function usePending(outbox, sent) {
  const name = `${STORE}${outbox}.sent`;
  const [pending, setPending] = useState(() => {
    const kept = read(name, []);
    const whole = Array.isArray(kept) ? kept : [];
    return whole
      .filter((one) => typeof one?.key === "string" && typeof one?.text === "string")
      .map((one) => ({ ...one, late: true }));
  });
  const timers = useRef({});
  useEffect(() => () => Object.values(timers.current).forEach(clearTimeout), []);
  useEffect(() => {
    const done = new Set(sent);
    setPending((all) => (all.some((one) => done.has(one.key)) ? all.filter((one) => !done.has(one.key)) : all));
  }, [sent]);
  useEffect(() => {
    write(name, pending.map(({ key, text }) => ({ key, text })));
  }, [name, pending]);
  const setLate = (key, late) =>
    setPending((all) => all.map((one) => (one.key === key ? { ...one, late } : one)));
  const watch = (key) => {
    clearTimeout(timers.current[key]);
    timers.current[key] = setTimeout(() => setLate(key, true), LATE_AFTER_MS);
  };
  return {
    pending,
    add: (one) => {
      setPending((all) => [...all, { ...one, late: false }]);
      watch(one.key);
    },
    again: (key) => {
      setLate(key, false);
      watch(key);
    },
    drop: (key) => setPending((all) => all.filter((one) => one.key !== key)),
  };
}

function useDraft(outbox) {
  const name = `${STORE}${outbox}.draft`;
  const [draft, setDraft] = useState(() => {
    const kept = read(name, "");
    return typeof kept === "string" ? kept : "";
  });
  useEffect(() => write(name, draft), [name, draft]);
  return [draft, setDraft];
}

/* Says out loud what others write, but not what was there before. */
function useNews(shown) {
  const [news, setNews] = useState("");
  const last = useRef(null);
  useEffect(() => {
    const newest = shown[shown.length - 1];
    const isNew = newest && last.current && byTime(last.current, newest) < 0;
    if (isNew && !newest.is_yours && !newest.fate) setNews(`${newest.name}: ${newest.text}`);
    if (newest) last.current = newest;
  }, [shown]);
  return news;
}

/* Tells the server what somebody is really looking at. */
function useSeen(shown, onSeen) {
  const told = useRef("");
  const newest = shown.findLast((one) => !one.is_yours)?.id ?? "";
  useEffect(() => {
    const tell = () => {
      if (!newest || told.current === newest || document.visibilityState !== "visible") return;
      told.current = newest;
      onSeen(newest);
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, [newest, onSeen]);
}

/* Stays at the end while somebody reads there, and stays put when older lines come above. */
function useScroll(shown, pending) {
  const box = useRef(null);
  const held = useRef({ first: "", height: 0, atEnd: true });
  useLayoutEffect(() => {
    const element = box.current;
    const first = shown[0]?.id ?? "";
    const grewAbove = held.current.first && first !== held.current.first;
    if (held.current.atEnd) element.scrollTop = element.scrollHeight;
    else if (grewAbove) element.scrollTop += element.scrollHeight - held.current.height;
    held.current.first = first;
    held.current.height = element.scrollHeight;
  }, [shown, pending]);
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current;
    held.current.atEnd = scrollHeight - scrollTop - clientHeight < NEAR_THE_END_PX;
  };
  const toEnd = () => {
    held.current.atEnd = true;
  };
  return { box, onScroll, toEnd };
}

function useClock(zone) {
  return useMemo(() => {
    const time = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hour: "2-digit",
      minute: "2-digit",
    });
    const day = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      weekday: "long",
      day: "numeric",
      month: "long",
    });
    return { time: (at) => time.format(new Date(at)), day: (at) => day.format(new Date(at)) };
  }, [zone]);
}

/* Whether somebody sits at a keyboard: one on a screen says itself what its keys do. */
function useHasKeys() {
  const [has, setHas] = useState(false);
  useEffect(() => {
    const pointer = window.matchMedia(WITH_KEYS);
    const look = () => setHas(pointer.matches);
    look();
    pointer.addEventListener("change", look);
    return () => pointer.removeEventListener("change", look);
  }, []);
  return has;
}

function Removing({ onRemove, onKeep }) {
  return (
    <span className="flex flex-wrap items-center gap-2 mt-2">
      <span className="text-[13px] text-ink2">Remove this message for everyone?</span>
      <button type="button" autoFocus onClick={onRemove} className={DANGER}>
        Remove
      </button>
      <button type="button" onClick={onKeep} className={GHOST}>
        Keep
      </button>
    </span>
  );
}

function Line({ one, isFirst, time, mayRemove, onRemove }) {
  const [asking, setAsking] = useState(false);
  const look = one.is_yours ? "tint" : "bg-card2 text-ink";
  const words = one.fate ? (
    <em className="text-ink2">{NO_WORDS[one.fate]}</em>
  ) : (
    <span className="whitespace-pre-wrap text-ink">{one.text}</span>
  );
  return (
    <li
      className={`group flex items-center gap-1 ${isFirst ? "mt-3" : "mt-1"} ${one.is_yours ? "flex-row-reverse" : ""}`}
    >
      <div className={`min-w-0 max-w-[min(92%,60ch)] ${look} rounded-2xl px-3.5 py-2`}>
        {isFirst && (
          <p className="text-[13px] font-semibold text-hue-ink">
            {one.is_yours ? "You" : one.name}
          </p>
        )}
        <p>
          {words}
          <time dateTime={one.sent_at} className="ml-2 text-[12px] text-ink2 whitespace-nowrap tabular-nums">
            {time}
          </time>
        </p>
        {asking && (
          <Removing
            onRemove={() => {
              setAsking(false);
              onRemove(one.id);
            }}
            onKeep={() => setAsking(false)}
          />
        )}
      </div>
      {mayRemove && !asking && (
        <button
          type="button"
          aria-label={`Remove: ${one.text.slice(0, 40)}`}
          title="Remove"
          onClick={() => setAsking(true)}
          className="grid place-items-center size-11 -my-1 flex-none rounded-[10px] text-ink2 hover:text-ink md:opacity-0 md:group-hover:opacity-100 focus-visible:opacity-100"
        >
          <Trash2 size={16} aria-hidden="true" />
        </button>
      )}
    </li>
  );
}

function Waiting({ one, onAgain, onEdit, onDrop }) {
  return (
    <li className="tint ml-auto mt-1 max-w-[min(92%,60ch)] w-fit rounded-2xl px-3.5 py-2">
      <p className="whitespace-pre-wrap text-ink">{one.text}</p>
      {one.late ? (
        <div className="flex flex-wrap items-center gap-2 mt-2" role="group" aria-label="Not sent yet">
          <span className="text-[13px] text-ink2">Not sent yet.</span>
          <button type="button" onClick={() => onAgain(one)} className={GHOST}>
            Send again
          </button>
          <button type="button" onClick={() => onEdit(one)} className={GHOST}>
            Edit
          </button>
          <button type="button" onClick={() => onDrop(one.key)} className={GHOST}>
            Discard
          </button>
        </div>
      ) : (
        <p className="text-[12px] text-ink2">Sending</p>
      )}
    </li>
  );
}

function Composer({ draft, setDraft, longest, onSay, field }) {
  const left = longest - draft.trim().length;
  const hasKeys = useHasKeys();
  const say = () => {
    if (!draft.trim() || left < 0) return;
    onSay(draft.trim());
  };
  const press = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    say();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        say();
      }}
      className="mt-3"
    >
      <label htmlFor="chat-message" className="sr-only">
        Message
      </label>
      <div className="flex items-end gap-2">
        <textarea
          id="chat-message"
          ref={field}
          name="message"
          rows={Math.min(6, Math.max(1, draft.split("\n").length))}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={press}
          placeholder="Write to the group"
          enterKeyHint="send"
          aria-invalid={left < 0}
          aria-describedby="chat-note"
          className="min-w-0 flex-1 min-h-11 px-3.5 py-2 rounded-[10px] bg-bg text-ink text-[16px] border border-edge resize-none"
        />
        <button
          type="submit"
          aria-label="Send"
          title="Send"
          aria-disabled={!draft.trim() || left < 0}
          className="grid place-items-center size-11 flex-none rounded-xl bg-ink text-bg hover:opacity-90 aria-disabled:opacity-55"
        >
          <SendHorizontal size={18} aria-hidden="true" />
        </button>
      </div>
      <p
        id="chat-note"
        className={`mt-1.5 text-[13px] empty:hidden ${left < 0 ? "text-acct-ink" : "text-ink2"}`}
      >
        {left < 0
          ? `This is ${-left} characters too long for one message.`
          : left < COUNT_FROM
            ? `${left} characters left.`
            : hasKeys && "Enter sends, Shift and Enter begin a new line."}
      </p>
    </form>
  );
}

export function GroupChat({
  messages,
  older,
  removed,
  firstId,
  sent,
  outbox,
  zone,
  longest,
  moderates,
  onSend,
  onOlder,
  onRemove,
  onSeen,
}) {
  const shown = useMessages(messages, older, removed);
  const { pending, add, again, drop } = usePending(outbox, sent);
  const [draft, setDraft] = useDraft(outbox);
  const clock = useClock(zone);
  const news = useNews(shown);
  const { box, onScroll, toEnd } = useScroll(shown, pending);
  const field = useRef(null);
  useSeen(shown, onSeen);

  const say = (text) => {
    const one = { key: newKey(), text };
    add(one);
    setDraft("");
    toEnd();
    onSend(one.key, one.text);
  };
  const sendAgain = (one) => {
    again(one.key);
    onSend(one.key, one.text);
  };
  useEffect(() => {
    // Whatever did not answer is back; a message that arrived after all is not taken twice.
    const sendAll = () => pending.forEach(sendAgain);
    window.addEventListener(BACK, sendAll);
    return () => window.removeEventListener(BACK, sendAll);
  });
  const edit = (one) => {
    drop(one.key);
    setDraft((typed) => (typed.trim() ? `${typed}\n${one.text}` : one.text));
    field.current?.focus();
  };
  const hasOlder = shown.length > 0 && shown[0].id !== firstId;

  return (
    <div>
      <p role="status" className="sr-only">
        {news}
      </p>
      <div
        ref={box}
        onScroll={onScroll}
        tabIndex={0}
        role="region"
        aria-label="Messages"
        className="h-[clamp(180px,calc(100dvh-370px),640px)] md:h-[min(58dvh,640px)] overflow-y-auto pr-1 pt-5 [mask-image:linear-gradient(to_bottom,transparent,black_20px)] focus-visible:[mask-image:none]"
      >
        {hasOlder && (
          <button type="button" onClick={() => onOlder(shown[0].id)} className={`${GHOST} w-full`}>
            Show older messages
          </button>
        )}
        {shown.length === 0 && pending.length === 0 && (
          <p className="py-10 text-center text-ink2">
            Nobody has said anything yet. Say hello, or ask when to meet.
          </p>
        )}
        <ol className="list-none">
          {shown.map((one, at) => {
            const before = shown[at - 1];
            const day = clock.day(one.sent_at);
            const isNewDay = !before || clock.day(before.sent_at) !== day;
            const isFirst =
              isNewDay || before.account_id !== one.account_id || before.fate === "hidden";
            return [
              isNewDay && (
                <li key={`${one.id}-day`} className="mt-4 text-center text-[13px] text-ink2">
                  {day}
                </li>
              ),
              <Line
                key={one.id}
                one={one}
                isFirst={isFirst}
                time={clock.time(one.sent_at)}
                mayRemove={!one.fate && (one.is_yours || moderates)}
                onRemove={onRemove}
              />,
            ];
          })}
          {pending.map((one) => (
            <Waiting
              key={one.key}
              one={one}
              onAgain={sendAgain}
              onEdit={edit}
              onDrop={drop}
            />
          ))}
        </ol>
      </div>
      <Composer draft={draft} setDraft={setDraft} longest={longest} onSay={say} field={field} />
    </div>
  );
}
