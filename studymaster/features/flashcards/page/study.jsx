// What has to feel instant while studying: a card that turns and is graded without waiting
// for the server, and a page of a lecture with its quote marked.
import { Undo2 } from "lucide-react";
import { Fragment, useCallback, useEffect, useRef, useState } from "react";
import { Written } from "$/public/external/studymaster/ui/written/written.jsx";

const GRADES = [
  { name: "Again", grade: 2, key: "1", line: "line-acct" },
  { name: "Hard", grade: 3, key: "2", line: "line-focus" },
  { name: "Good", grade: 4, key: "3", line: "line-campus" },
  { name: "Easy", grade: 5, key: "4", line: "line-sync" },
];
// As the decks count their cards, in the same words.
const STAGES = [
  { stage: "new", word: "new", ink: "text-sync-ink" },
  { stage: "learning", word: "again", ink: "text-acct-ink" },
  { stage: "due", word: "due", ink: "text-campus-ink" },
];
const OUTBOX = "studymaster.answers.";
const LATE_AFTER_MS = 4000;
const LATEST_RETRY_MS = 60_000;
const MOST_TAKEN_BACK = 20;
const TYPING = "input, textarea, select, [contenteditable], [role=dialog] *";
// What a key presses by itself; Space does nothing on a link, so there it may turn the card.
const PRESSABLE = { " ": "button, summary, [role=button]", Enter: "a, button, summary, [role=button]" };

// What one answer is called. Where a page is not served over https, there is no randomUUID.
const newName = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

const keyOf = (card) => `${card.id}:${card.turn}`;
const keyOfAnswer = (answer) => `${answer.card_id}:${answer.turn}`;

const isAnswer = (one) =>
  typeof one?.card_id === "string" &&
  [one.turn, one.grade, one.elapsed_ms].every(Number.isInteger);

/* What waits in this browser; null where the browser keeps nothing (private windows). */
function readOutbox(name) {
  try {
    const kept = JSON.parse(localStorage.getItem(name) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isAnswer) : [];
  } catch {
    return null;
  }
}

function writeOutbox(name, answers) {
  try {
    if (answers.length) localStorage.setItem(name, JSON.stringify(answers));
    else localStorage.removeItem(name);
  } catch {
    // Then the answers live as long as the tab.
  }
}

/* Answers that the server has not confirmed. They outlive a reload and a closed tab, and all
   tabs of one student share them. */
function useOutbox(outbox, settled) {
  const name = OUTBOX + outbox;
  const [answers, setAnswers] = useState(() => readOutbox(name) ?? []);
  const held = useRef(answers);
  const change = useCallback(
    (edit) => {
      held.current = edit(readOutbox(name) ?? held.current);
      writeOutbox(name, held.current);
      setAnswers(held.current);
    },
    [name],
  );
  useEffect(() => {
    const done = new Set(settled);
    const isDone = (answer) => done.has(keyOfAnswer(answer));
    if (held.current.some(isDone)) change((all) => all.filter((one) => !isDone(one)));
  }, [settled, change]);
  useEffect(() => {
    const hear = (event) => {
      if (event.key === name) change((all) => all);
    };
    window.addEventListener("storage", hear);
    return () => window.removeEventListener("storage", hear);
  }, [name, change]);
  const add = (answer) => change((all) => [...all, answer]);
  const drop = (key) => change((all) => all.filter((one) => keyOfAnswer(one) !== key));
  return [answers, add, drop];
}

/* Sends waiting answers again, at first soon, then more rarely; tells whether they are late. */
function useResending(answers, onResend) {
  const [late, setLate] = useState(false);
  const latest = useRef({});
  latest.current = { answers, onResend };
  const oldest = answers.length ? keyOfAnswer(answers[0]) : "";
  useEffect(() => {
    if (latest.current.answers.length) latest.current.onResend(latest.current.answers);
  }, []);
  useEffect(() => {
    setLate(Boolean(oldest) && !navigator.onLine);
    if (!oldest) return undefined;
    let wait = LATE_AFTER_MS;
    let timer = null;
    const again = () => {
      setLate(true);
      if (navigator.onLine) latest.current.onResend(latest.current.answers);
      wait = Math.min(2 * wait, LATEST_RETRY_MS);
      clearTimeout(timer);
      timer = setTimeout(again, wait);
    };
    const notice = () => setLate(true);
    timer = setTimeout(again, wait);
    window.addEventListener("online", again);
    window.addEventListener("offline", notice);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("online", again);
      window.removeEventListener("offline", notice);
    };
  }, [oldest]);
  return late;
}

/* A sentence with a gap is asked with a blank and comes back whole, its words marked. */
const gapOf = (card, filling) => (card.kind === "cloze" ? filling : "");

function useMarks(address, quote) {
  const [found, setFound] = useState({ address: "", boxes: [] });
  useEffect(() => {
    if (!address || !quote) return undefined;
    const stop = new AbortController();
    fetch(`${address}?quote=${encodeURIComponent(quote)}`, { signal: stop.signal })
      .then((answer) => (answer.ok ? answer.json() : []))
      .then((boxes) => setFound({ address: address + quote, boxes }))
      .catch(() => {}); // The page can be read without its marks.
    return () => stop.abort();
  }, [address, quote]);
  return found.address === address + quote ? found.boxes : [];
}

/* A page as a picture; the boxes of the quote are percent of its width and height. */
export function SourcePage({ picture, marks, quote, label, ahead }) {
  const [broken, setBroken] = useState("");
  const [seen, setSeen] = useState("");
  const boxes = useMarks(marks, quote);
  const first = useRef(null);
  useEffect(() => {
    if (ahead) new Image().src = ahead;
  }, [ahead]);
  useEffect(() => {
    const mark = first.current;
    const frame = mark?.closest("[data-scroll]");
    if (!frame || seen !== picture) return;
    const place = mark.getBoundingClientRect().top - frame.getBoundingClientRect().top;
    if (place < 0 || place > frame.clientHeight - 80) {
      frame.scrollTop += place - frame.clientHeight / 3;
    }
  }, [boxes, seen, picture]);
  if (broken === picture) {
    return (
      <p className="p-6 text-ink2">
        This page cannot be shown right now. The whole file may still open.
      </p>
    );
  }
  return (
    <div className="relative bg-paper rounded-[10px] overflow-hidden">
      {seen !== picture && <div aria-hidden="true" className="skeleton absolute inset-0 min-h-72" />}
      <img
        key={picture}
        src={picture}
        alt={label}
        className="block w-full h-auto min-h-40"
        onLoad={() => setSeen(picture)}
        onError={() => setBroken(picture)}
      />
      {seen === picture &&
        boxes.map((box, index) => (
          <mark
            key={index}
            ref={index === 0 ? first : undefined}
            aria-hidden="true"
            data-quote-mark=""
            className="absolute rounded-[2px] bg-study/30 mix-blend-multiply"
            style={{
              left: `${box.left}%`,
              top: `${box.top}%`,
              width: `${box.width}%`,
              height: `${box.height}%`,
            }}
          />
        ))}
    </div>
  );
}

/* Where there is no picture: the words around the quote, on paper. */
function Excerpt({ source }) {
  return (
    <blockquote className="bg-paper text-paper-ink font-study text-[16px] leading-relaxed rounded-[10px] p-6 whitespace-pre-wrap">
      {source.before}
      <mark className="bg-study/30 text-paper-ink" data-quote-mark="">
        {source.quote}
      </mark>
      {source.after}
    </blockquote>
  );
}

function Cited({ source }) {
  if (source.picture) {
    return (
      <SourcePage
        picture={source.picture}
        marks={source.marks}
        quote={source.quote}
        label={`Page ${source.page} of ${source.name}. The card cites: ${source.quote}`}
      />
    );
  }
  return <Excerpt source={source} />;
}

function SourceChip({ source }) {
  if (!source.name) return null;
  const words = `${source.name}${source.page ? ` · p. ${source.page}` : ""}`;
  const look = "inline-flex max-w-full items-center text-[12.5px] font-medium rounded-lg px-2.5 py-[3px] bg-card2 text-ink2";
  if (!source.file) return <span className={look}>{words}</span>;
  return (
    <a
      className="group inline-flex max-w-full min-h-11 items-center rounded-lg"
      href={source.picture ? `${source.file}#page=${source.page}` : source.file}
      target="_blank"
      rel="noreferrer"
    >
      <span className={`${look} group-hover:text-ink group-hover:underline underline-offset-4`}>
        <span className="truncate">{words}</span>
      </span>
    </a>
  );
}

function GradeButton({ choice, interval, onGrade }) {
  return (
    <button
      type="button"
      onClick={() => onGrade(choice.grade)}
      aria-keyshortcuts={choice.key}
      data-key={choice.key}
      data-key-label={choice.name}
      className={`${choice.line} flex items-center gap-3 max-lg:flex-col max-lg:justify-center max-lg:gap-0 max-lg:py-1.5 min-h-14 px-5 max-lg:px-1 rounded-[14px] border border-[color-mix(in_oklab,var(--hue)_48%,transparent)] bg-card hover:bg-card2 text-left`}
    >
      <span className="display text-[17px] font-semibold text-hue-ink">{choice.name}</span>
      <span className="text-[14px] max-lg:text-[12px] text-ink2 lg:whitespace-nowrap max-lg:text-center max-lg:leading-tight">
        {interval}
      </span>
      <kbd
        aria-hidden="true"
        className="max-lg:hidden ml-auto font-body text-[11px] font-semibold border border-hairline2 border-b-2 rounded-md px-1.5 text-ink3"
      >
        {choice.key}
      </kbd>
    </button>
  );
}

function Turn({ card, next, isFirst, onGrade }) {
  const [revealed, setRevealed] = useState(false);
  const [since] = useState(() => performance.now());
  const graded = useRef(false);
  const question = useRef(null);
  const answer = useRef(null);

  useEffect(() => {
    // What had the focus went away with the last card.
    if (!isFirst) question.current.focus({ preventScroll: true });
  }, [isFirst]);
  useEffect(() => {
    if (revealed) answer.current.focus({ preventScroll: true });
  }, [revealed]);

  const reveal = useCallback(() => setRevealed(true), []);
  const grade = (value) => {
    if (!revealed || graded.current) return;
    graded.current = true;
    onGrade(card, value, Math.round(performance.now() - since));
  };

  useEffect(() => {
    if (revealed) return undefined;
    const press = (event) => {
      if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      const pressable = PRESSABLE[event.key];
      if (!pressable || event.target.closest?.(TYPING)) return;
      if (event.target.closest?.(pressable)) return;
      event.preventDefault();
      reveal();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [reveal, revealed]);

  useEffect(() => {
    for (const source of [card.source, next?.source]) {
      if (source?.picture) new Image().src = source.picture;
    }
  }, [card, next]);

  const { source } = card;
  const cited = source.picture || source.quote;
  return (
    <>
      <div
        className={`grid grid-cols-[minmax(0,1fr)] gap-6 max-lg:gap-4 max-lg:grid-rows-[1fr_auto] flex-1 min-h-0 ${cited ? "lg:grid-cols-[minmax(0,5fr)_minmax(0,4fr)]" : ""}`}
      >
        <article
          aria-label="Card"
          className="rise surface flex flex-col min-w-0 min-h-[38dvh] lg:min-h-0 lg:overflow-y-auto px-6 py-8 md:px-14"
        >
          <div className="my-auto">
            <div
              ref={question}
              tabIndex={-1}
              className="outline-none font-study text-[22px] md:text-[29px] leading-[1.38] text-ink"
            >
              <Written text={card.front} gap={gapOf(card, "blank")} />
            </div>
            {revealed && (
              <div className="rise mt-7 pt-7 border-t border-hairline2">
                <div
                  ref={answer}
                  tabIndex={-1}
                  className="outline-none font-study text-[19px] md:text-[23px] leading-[1.42] text-ink2 [&_strong]:text-ink"
                >
                  <Written
                    text={card.kind === "cloze" ? card.front : card.back}
                    gap={gapOf(card, "filled")}
                  />
                </div>
                <div className="mt-4">
                  <SourceChip source={source} />
                </div>
              </div>
            )}
          </div>
        </article>
        {cited && <Beside card={card} revealed={revealed} />}
      </div>
      <div className="sticky z-10 bottom-[calc(60px+env(safe-area-inset-bottom))] md:bottom-0 -mx-2 px-2 py-2 bg-bg">
        {revealed ? (
          <div role="group" aria-label="How well did you know it?" className="grid grid-cols-4 gap-2 md:gap-3.5">
            {GRADES.map((choice, index) => (
              <GradeButton
                key={choice.grade}
                choice={choice}
                interval={card.intervals[index]}
                onGrade={grade}
              />
            ))}
          </div>
        ) : (
          <button
            type="button"
            onClick={reveal}
            aria-keyshortcuts="Space"
            data-key-hint="Space"
            className="flex w-full items-center justify-center gap-3 min-h-14 rounded-[14px] bg-ink text-bg font-semibold text-[16px] hover:opacity-90"
          >
            Show answer
            <kbd
              aria-hidden="true"
              className="max-md:hidden font-body text-[11px] font-semibold border border-current border-b-2 rounded-md px-1.5"
            >
              Space
            </kbd>
          </button>
        )}
      </div>
    </>
  );
}

/* The cited page: beside the card on a desk, folded below it on a phone. It would give the
   answer away, so it comes with the answer. */
function Beside({ card, revealed }) {
  const { source } = card;
  const [wide, setWide] = useState(true);
  useEffect(() => {
    const query = window.matchMedia("(min-width: 1024px)");
    const read = () => setWide(query.matches);
    read();
    query.addEventListener("change", read);
    return () => query.removeEventListener("change", read);
  }, []);
  const place = source.page
    ? `page ${source.page}${source.page_count ? ` of ${source.page_count}` : ""}`
    : "";
  if (!wide) {
    if (!revealed) return null;
    return (
      <details className="surface p-0">
        <summary className="flex items-center justify-between gap-3 min-h-12 px-4 font-medium text-ink">
          <span className="truncate">The page it comes from</span>
          <span className="text-[13px] text-ink3 whitespace-nowrap">{place}</span>
        </summary>
        <div className="px-3 pb-3" data-scroll="">
          <Cited source={source} />
        </div>
      </details>
    );
  }
  return (
    <aside aria-label="Source" className="surface p-4 flex flex-col min-h-0">
      <div className="flex items-baseline justify-between gap-4 px-1.5 pb-3">
        <h2 className="text-[14.5px] font-semibold text-ink2 truncate">
          {source.name || "The cited words"}
        </h2>
        <p className="text-[13.5px] text-ink3 whitespace-nowrap">{place}</p>
      </div>
      {revealed ? (
        <div className="flex-1 min-h-0 overflow-y-auto rounded-[10px]" data-scroll="" tabIndex={0} role="group" aria-label="Cited page">
          <Cited source={source} />
        </div>
      ) : (
        <div className="flex-1 grid place-items-center rounded-[10px] border border-dashed border-hairline2">
          <p className="text-[14px] text-ink3 px-8 text-center">
            The page comes with the answer.
          </p>
        </div>
      )}
    </aside>
  );
}

/* Takes the last answer back; it is there once something was answered. */
function TakeBack({ onPress }) {
  return (
    <button
      type="button"
      onClick={onPress}
      aria-label="Take the last answer back"
      title="Take the last answer back (Z)"
      aria-keyshortcuts="Z"
      data-key="z"
      className="grid place-items-center size-11 flex-none -my-3 -mr-2 rounded-[10px] text-ink2 hover:bg-card2 hover:text-ink"
    >
      <Undo2 size={18} strokeWidth={1.75} aria-hidden="true" />
    </button>
  );
}

function Progress({ card, counts, report, minutesLeft, children }) {
  const all = report.answers + counts.left;
  const part = all ? report.answers / all : 0;
  return (
    <div className="flex items-center gap-4 max-md:flex-wrap max-md:gap-x-3 max-md:gap-y-2.5">
      {card?.course && (
        <span className={`course-${card.line} tint text-[12.5px] font-medium rounded-lg px-2.5 py-[3px] whitespace-nowrap max-w-[40vw] max-md:flex-[0_1_auto] max-md:min-w-0 truncate`}>
          {card.course}
        </span>
      )}
      <div
        role="progressbar"
        aria-label="Answered today"
        aria-valuemin={0}
        aria-valuenow={report.answers}
        aria-valuemax={all}
        className="flex-1 max-md:order-last max-md:basis-full h-1.5 rounded-full bg-card2 overflow-hidden"
      >
        <div className="bar h-full w-full rounded-full bg-hue" style={{ transform: `scaleX(${part})` }} />
      </div>
      <p className="max-md:ml-auto text-[14.5px] max-md:text-[14px] tabular-nums whitespace-nowrap">
        {STAGES.map(({ stage, word, ink }, index) => (
          <Fragment key={stage}>
            {index > 0 && <span className="text-ink3">{" · "}</span>}
            <span className={ink}>{`${counts[stage]} ${word}`}</span>
          </Fragment>
        ))}
      </p>
      {minutesLeft > 0 && (
        <p className="text-[14.5px] text-ink3 tabular-nums whitespace-nowrap max-md:hidden">
          ~{minutesLeft} min
        </p>
      )}
      {children}
    </div>
  );
}

function Unsent({ count, late }) {
  const words =
    count === 1
      ? "1 answer waits to be sent. It is safe here and goes by itself."
      : `${count} answers wait to be sent. They are safe here and go by themselves.`;
  return (
    <p role="status" className={late ? "text-focus-ink" : "sr-only"}>
      {late && count > 0 && words}
    </p>
  );
}

/* The table runs ahead of the server: a graded card is gone at once and the next one lies
   there face up. A grade names its card and turn, so sending it again changes nothing; it has a
   name of its own, so that taking it back means that one. */
export function ReviewTable({
  cards,
  counts,
  report,
  minutesLeft,
  outbox,
  settled,
  onGrade,
  onResend,
  onTakeBack,
  children,
}) {
  const [answers, add, drop] = useOutbox(outbox, settled);
  const late = useResending(answers, onResend);
  const [pinned, setPinned] = useState("");
  const [given, setGiven] = useState([]);
  const [back, setBack] = useState(null);
  const root = useRef(null);
  const graded = useRef(false);
  const answered = new Set(answers.map(keyOfAnswer));
  // A card that was taken back lies there at once, before the server says so.
  const rest = cards.filter((card) => !answered.has(keyOf(card)));
  const waiting = back ? [back, ...rest.filter((one) => one.id !== back.id)] : rest;
  const card = back ?? waiting.find((one) => keyOf(one) === pinned) ?? waiting[0];
  const next = waiting.find((one) => one !== card);
  const current = card ? keyOf(card) : "";
  const isOver = counts.left === 0 && !back;

  useEffect(() => {
    if (current) setPinned(current);
  }, [current]);

  useEffect(() => {
    const title = root.current?.querySelector("h1");
    if (!isOver || !graded.current || !title) return;
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  }, [isOver]);

  const grade = (one, value, elapsed) => {
    graded.current = true;
    setBack(null);
    const name = newName();
    setGiven((all) => [...all, { card: one, name }].slice(-MOST_TAKEN_BACK));
    add({ card_id: one.id, turn: one.turn, grade: value, elapsed_ms: elapsed, answer_id: name });
    onGrade(one.id, one.turn, value, elapsed, name);
  };
  const takeBack = () => {
    const last = given.at(-1);
    setGiven(given.slice(0, -1));
    setBack(last.card);
    drop(keyOf(last.card));
    onTakeBack(last.card.id, last.card.turn, last.name);
  };
  const undo = given.length > 0 && <TakeBack onPress={takeBack} />;

  if (isOver) {
    return (
      <div ref={root} className="[&_h1]:outline-none">
        <Unsent count={answers.length} late={late} />
        {undo && <div className="flex justify-end">{undo}</div>}
        {children}
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-5 md:gap-6 max-md:min-h-[calc(100dvh-88px)] max-md:-mb-8 lg:h-[calc(100dvh-74px)] md:min-h-[calc(100dvh-74px)] lg:min-h-[560px]">
      <Progress card={card} counts={counts} report={report} minutesLeft={minutesLeft}>
        {undo}
      </Progress>
      <Unsent count={answers.length} late={late} />
      {card ? (
        <Turn key={current} card={card} next={next} isFirst={!graded.current} onGrade={grade} />
      ) : (
        <div aria-busy="true" className="surface flex-1 min-h-[38dvh] flex flex-col justify-center gap-4 md:px-14">
          <div className="skeleton h-7 w-4/5" />
          <div className="skeleton h-7 w-3/5" />
        </div>
      )}
    </div>
  );
}
