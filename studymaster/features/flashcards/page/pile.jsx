// The proposals of a lecture, decided as fast as somebody types: the next one is chosen at
// once, words that are being typed stay whatever arrives from elsewhere, and the focus never
// gets lost on the way.
import { Check, ChevronDown, ChevronUp, Pencil, Undo2, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { gapsOf, Written } from "$/public/external/studymaster/ui/written/written.jsx";

const CLOZE = "cloze";
const LONGEST_SIDE = 2000;
// A decision that the server refused comes back into the list after this time.
const PUT_BACK_MS = 8000;

const BUTTON =
  "inline-flex items-center justify-center gap-2.5 min-h-11 px-5 max-sm:px-3.5 rounded-xl text-[15px] font-semibold whitespace-nowrap transition-opacity duration-150";
const PRIMARY = `${BUTTON} bg-ink text-bg hover:opacity-90`;
const GHOST = `${BUTTON} border border-hairline2 text-ink hover:bg-card2`;
const CHIP =
  "inline-flex items-center text-[12.5px] font-medium rounded-lg px-2.5 py-[3px] bg-card2 text-ink2";
const FIELD =
  "w-full min-h-11 px-3.5 py-2 rounded-[10px] bg-bg text-ink border border-edge font-study text-[18px]";
// One row on every phone, each a third of it.
const DECISIONS =
  "flex gap-2.5 px-5 pb-5 max-lg:grid max-lg:grid-cols-3 max-sm:gap-1.5 max-sm:px-3 max-sm:pb-3 max-sm:*:px-1.5! max-sm:*:gap-2! max-[344px]:[&_svg]:hidden";
// On a narrow screen the decisions stand at the lower edge, as the grades do, while the
// proposal that they are about can be seen.
const AT_THE_EDGE =
  "max-lg:fixed max-lg:z-10 max-lg:inset-x-0 max-lg:px-4 max-lg:py-2 max-lg:bg-bg max-lg:border-t max-lg:border-hairline max-md:bottom-[calc(60px+env(safe-area-inset-bottom))] md:max-lg:bottom-0 md:max-lg:left-[236px]";
const NARROW = "(max-width: 1023px)";
// What of a proposal has to stand above the bar and the decisions to count as seen.
const SIGHT = { rootMargin: "0px 0px -190px 0px" };

const wordsOf = (proposal) => ({ front: proposal.front, back: proposal.back });
const isSame = (one, other) => one.front === other.front && one.back === other.back;

function tooLong(side, text) {
  const over = text.trim().length - LONGEST_SIDE;
  if (over <= 0) return "";
  return `The ${side} has ${over.toLocaleString("en")} characters more than the ${LONGEST_SIDE.toLocaleString("en")} that fit. Shorten it.`;
}

function problemOf(kind, { front, back }) {
  if (!front.trim()) return "The front of a card cannot be empty.";
  const long = tooLong("front", front) || (kind === CLOZE ? "" : tooLong("back", back));
  if (long) return long;
  if (kind !== CLOZE) return back.trim() ? "" : "The back of a card cannot be empty.";
  return gapsOf(front).length ? "" : "Mark the words to hide, such as {{c1::words}}.";
}

/* What was decided here is gone at once; what the server did not take comes back. */
function useDecided() {
  const [decided, setDecided] = useState({});
  const timers = useRef([]);
  useEffect(() => () => timers.current.forEach(clearTimeout), []);
  const hide = (id) => {
    setDecided((known) => ({ ...known, [id]: true }));
    const putBack = () => setDecided(({ [id]: _gone, ...rest }) => rest);
    timers.current.push(setTimeout(putBack, PUT_BACK_MS));
  };
  const unhide = (ids) =>
    setDecided((known) =>
      Object.fromEntries(Object.entries(known).filter(([id]) => !ids.includes(id))),
    );
  return [decided, hide, unhide];
}

/* How many are being accepted together, until the server has done or refused it. */
function useAccepting(openCount, onDone) {
  const [accepting, setAccepting] = useState(0);
  useEffect(() => {
    if (!accepting) return undefined;
    if (openCount === 0) {
      setAccepting(0);
      onDone("All accepted");
    }
    const timer = setTimeout(() => setAccepting(0), PUT_BACK_MS);
    return () => clearTimeout(timer);
  }, [accepting, openCount, onDone]);
  return [accepting, setAccepting];
}

/* Tells whether an element can be seen above the lower edge. */
function useSight(root, current) {
  const [seen, setSeen] = useState(true);
  useEffect(() => {
    const item = root.current?.querySelector('[data-chosen="true"]');
    if (!item) return undefined;
    const watch = new IntersectionObserver(([one]) => setSeen(one.isIntersecting), SIGHT);
    watch.observe(item);
    return () => watch.disconnect();
  }, [root, current]);
  return seen;
}

/* Tells whether the focus was last seen inside, also when its element is gone by now. */
function useWasInside(root) {
  const inside = useRef(false);
  useEffect(() => {
    const look = (event) => {
      inside.current = root.current?.contains(event.target) ?? false;
    };
    document.addEventListener("focusin", look);
    document.addEventListener("pointerdown", look);
    return () => {
      document.removeEventListener("focusin", look);
      document.removeEventListener("pointerdown", look);
    };
  }, [root]);
  return inside;
}

function Key({ children }) {
  return (
    <kbd
      aria-hidden="true"
      className="max-md:hidden font-body text-[11px] font-semibold border border-current/40 border-b-2 rounded-md px-1.5 leading-[1.45]"
    >
      {children}
    </kbd>
  );
}

function Decision({ name, letter, icon: Icon, look, onClick }) {
  return (
    <button
      type="button"
      onClick={onClick}
      aria-keyshortcuts={letter}
      data-key={letter.toLowerCase()}
      data-decision={name}
      className={look}
    >
      <Icon size={18} aria-hidden="true" />
      {name}
      <Key>{letter}</Key>
    </button>
  );
}

function Step({ name, letter, icon: Icon, onClick }) {
  return (
    <button
      type="button"
      onClick={onClick}
      aria-label={name}
      title={name}
      data-key={letter.toLowerCase()}
      className="grid place-items-center size-11 rounded-[10px] text-ink2 hover:bg-card2 hover:text-ink"
    >
      <Icon size={18} aria-hidden="true" />
    </button>
  );
}

/* `what`: what was decided last, such as "Rejected"; `crowded`: a phone has no room for it. */
function TakeBack({ what, crowded = false, onClick }) {
  return (
    <button
      type="button"
      onClick={onClick}
      aria-label={`Undo: ${what}`}
      title={`Undo: ${what}`}
      aria-keyshortcuts="Z"
      data-key="z"
      className="inline-flex items-center justify-center gap-2 min-h-11 min-w-11 px-3 rounded-lg text-[14px] font-semibold text-ink2 hover:bg-card2 hover:text-ink"
    >
      <Undo2 size={16} aria-hidden="true" />
      <span className={crowded ? "max-sm:hidden" : ""}>{`${what} · Undo`}</span>
      <Key>Z</Key>
    </button>
  );
}

/* How a sentence with gaps asks: each number of them is a card. */
function kindOf({ front }) {
  const count = new Set(gapsOf(front).map((gap) => gap.number)).size;
  return count > 1 ? `${count} gaps, ${count} cards` : "Fill the gap";
}

function Sides({ proposal, draft, isChosen, onChoose }) {
  const isCloze = proposal.kind === CLOZE;
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      data-proposal={proposal.id}
      onClick={onChoose}
      className="block w-full text-left px-5 py-4 rounded-2xl"
    >
      <Written
        phrase
        gap={isCloze ? "blanks" : ""}
        text={draft ? draft.front : proposal.front}
        className="font-study text-[18px] leading-snug text-ink"
      />
      <Written
        phrase
        text={draft && !isCloze ? draft.back : proposal.back}
        className="font-study text-[16px] leading-snug text-ink2 mt-2"
      />
      <span className="flex gap-1.5 mt-3">
        <span className={CHIP}>{`p. ${proposal.page}`}</span>
        {isCloze && <span className={CHIP}>{kindOf(draft ?? proposal)}</span>}
        {draft && <span className={CHIP}>Your words, not accepted yet</span>}
      </span>
    </button>
  );
}

function Side({ label, name, value, onChange, ...rest }) {
  return (
    <div>
      <label htmlFor={`field-${name}`} className="block mb-1.5 text-[14px] font-semibold text-ink">
        {label}
      </label>
      <textarea
        id={`field-${name}`}
        name={name}
        value={value}
        onChange={(event) => onChange({ [name]: event.target.value })}
        dir="auto"
        className={FIELD}
        {...rest}
      />
    </div>
  );
}

function EditForm({ proposal, words, elsewhere, onType, onSave, onClose }) {
  const [problem, setProblem] = useState("");
  const submit = (event) => {
    event.preventDefault();
    const found = problemOf(proposal.kind, words);
    setProblem(found);
    if (!found) onSave();
  };
  const escape = (event) => {
    // Once the proposal is gone, these words are the only copy: Close has to be meant.
    if (event.key !== "Escape" || elsewhere || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onClose();
  };
  return (
    <form onSubmit={submit} onKeyDown={escape} className="flex flex-col gap-4 p-5">
      <p role="status" className={elsewhere ? "text-focus-ink" : "sr-only"}>
        {elsewhere && "This proposal was decided in another tab. Your words are still here."}
      </p>
      <Side label="Front" name="front" value={words.front} onChange={onType} rows={3} autoFocus />
      {proposal.kind === CLOZE ? (
        <p className="text-[13px] text-ink2">
          {"The words between {{c1:: and }} are hidden. {{c2::words::a hint}} makes a second card."}
        </p>
      ) : (
        <Side label="Back" name="back" value={words.back} onChange={onType} rows={4} />
      )}
      {problem && (
        <p role="alert" className="text-[14px] text-acct-ink">
          {problem}
        </p>
      )}
      <div className="flex flex-wrap gap-2.5">
        <button type="submit" className={PRIMARY}>
          <Check size={18} aria-hidden="true" />
          {elsewhere ? "Keep as a new card" : "Accept"}
        </button>
        <button type="button" onClick={onClose} className={GHOST} data-key-hint="Esc">
          {elsewhere ? "Close" : "Cancel"}
        </button>
      </div>
    </form>
  );
}

function acceptingWords(count) {
  return `Accepting ${count} proposals`;
}

/* What stands in place of proposals that are all on their way into the deck. */
function Accepting({ count }) {
  return (
    <div aria-busy="true" className="surface flex flex-col gap-3">
      <p className="text-ink2">{acceptingWords(count)}</p>
      <div className="skeleton h-2 w-full" />
    </div>
  );
}

/* `saved` goes up when typed words have become a card; `chosenId` is whose page is open. */
export function ProposalPile({
  proposals,
  openCount,
  chosenId,
  saved,
  undo,
  onChoose,
  onAccept,
  onReject,
  onSave,
  onAcceptAll,
  onTakeBack,
  children,
}) {
  const [decided, hide, unhide] = useDecided();
  const decisions = useRef([]);
  const [picked, setPicked] = useState(chosenId);
  const [drafts, setDrafts] = useState({});
  const [editing, setEditing] = useState(null);
  const [savingAt, setSavingAt] = useState(-1);
  const [said, setSaid] = useState("");
  const [accepting, setAccepting] = useAccepting(openCount, setSaid);
  const root = useRef(null);
  const place = useRef(0);
  const follow = useRef("");
  const shownPage = useRef(chosenId);
  const wasInside = useWasInside(root);

  const items = proposals.filter((one) => !(one.id in decided) || one.id === editing?.id);
  const elsewhere = Boolean(editing) && !proposals.some((one) => one.id === editing.id);
  if (elsewhere) items.splice(Math.min(place.current, items.length), 0, editing);
  const at = items.findIndex((one) => one.id === picked);
  if (at >= 0) place.current = at;
  const chosen = items[at] ?? items[Math.min(place.current, items.length - 1)];
  const current = chosen?.id ?? "";
  const left = openCount - proposals.filter((one) => one.id in decided).length;
  const seen = useSight(root, current);
  const count = useRef(0);

  useEffect(() => {
    // Proposals begin below the page: a narrow screen goes to where they are.
    const isNew = count.current === 0 && items.length > 0;
    count.current = items.length;
    if (isNew && window.matchMedia(NARROW).matches) {
      root.current.scrollIntoView({ block: "start" });
    }
  }, [items.length]);

  useEffect(() => {
    if (!current || elsewhere || current === shownPage.current) return;
    shownPage.current = current;
    setPicked(current);
    onChoose(current);
  }, [current, elsewhere, onChoose]);

  useEffect(() => {
    if (savingAt < 0 || saved === savingAt || !editing) return;
    setSaid(`Accepted, ${openCount} left`);
    setDrafts(({ [editing.id]: _done, ...rest }) => rest);
    setSavingAt(-1);
    setEditing(null);
  }, [saved, savingAt, editing, openCount]);

  useEffect(() => {
    const lost = wasInside.current && document.activeElement === document.body;
    if (!follow.current && !lost) return;
    const wanted =
      follow.current === "edit" ? '[data-decision="Edit"]' : `[data-proposal="${current}"]`;
    follow.current = "";
    if (editing && current === editing.id) return;
    const target = root.current.querySelector(wanted) ?? root.current;
    target.focus({ preventScroll: true });
    target.closest("li")?.scrollIntoView({ block: "nearest" });
  });

  const choose = (id) => {
    if (editing && !elsewhere) setEditing(null);
    setPicked(id);
    follow.current = "chosen";
  };
  const step = (by) => {
    const next = items[items.indexOf(chosen) + by];
    if (next) choose(next.id);
  };
  const edit = (proposal) => {
    setPicked(proposal.id);
    setSavingAt(-1);
    setEditing(proposal);
  };
  const leave = (proposal, word) => {
    hide(proposal.id);
    decisions.current.push([proposal.id]);
    setSaid(`${word}, ${left - 1} left`);
    follow.current = "chosen";
  };
  const accept = (proposal) => {
    const draft = drafts[proposal.id];
    if (draft && problemOf(proposal.kind, draft)) return edit(proposal);
    if (draft) onSave(proposal.id, draft.front, draft.back);
    else onAccept(proposal.id);
    return leave(proposal, "Accepted");
  };
  const reject = (proposal) => {
    onReject(proposal.id);
    leave(proposal, "Rejected");
  };
  const acceptAll = () => {
    if (accepting) return undefined;
    const typed = proposals.filter((one) => one.id in drafts && !(one.id in decided));
    const poor = typed.find((one) => problemOf(one.kind, drafts[one.id]));
    if (poor) return edit(poor);
    for (const one of typed) onSave(one.id, drafts[one.id].front, drafts[one.id].back);
    if (!elsewhere) setEditing(null);
    setAccepting(left);
    setSaid(acceptingWords(left));
    items.forEach((one) => hide(one.id));
    decisions.current.push(items.map((one) => one.id));
    return onAcceptAll();
  };
  const takeBack = () => {
    const ids = decisions.current.pop() ?? [];
    unhide(ids);
    if (ids.length) setPicked(ids[0]);
    setSaid("Undone");
    follow.current = "chosen";
    onTakeBack();
  };
  const type = (change) => {
    const words = { ...(drafts[editing.id] ?? wordsOf(editing)), ...change };
    const { [editing.id]: _old, ...rest } = drafts;
    setDrafts(isSame(words, wordsOf(editing)) ? rest : { ...rest, [editing.id]: words });
  };
  const save = () => {
    const words = drafts[editing.id] ?? wordsOf(editing);
    setSavingAt(saved);
    onSave(editing.id, words.front, words.back);
  };
  const close = () => {
    setDrafts(({ [editing.id]: _gone, ...rest }) => rest);
    setEditing(null);
    follow.current = elsewhere ? "chosen" : "edit";
  };

  return (
    <div ref={root} tabIndex={-1} className="outline-none max-lg:pb-20">
      <p role="status" className="sr-only">
        {said}
      </p>
      {accepting > 0 && <Accepting count={accepting} />}
      {items.length === 0 && undo && !accepting && (
        <div className="flex mb-2">
          <TakeBack what={undo} onClick={takeBack} />
        </div>
      )}
      {items.length === 0 && openCount === 0 && children}
      {items.length > 0 && (
        <div className="flex flex-wrap items-center gap-1 mb-2">
          <p className="text-[14px] text-ink2 tabular-nums mr-1">
            {`${items.indexOf(chosen) + 1} of ${Math.max(left, items.length)}`}
          </p>
          <Step name="Previous proposal" letter="K" icon={ChevronUp} onClick={() => step(-1)} />
          <Step name="Next proposal" letter="J" icon={ChevronDown} onClick={() => step(1)} />
          {undo && <TakeBack what={undo} crowded onClick={takeBack} />}
          {openCount > 1 && !accepting && (
            <button
              type="button"
              onClick={acceptAll}
              className="ml-auto min-h-11 px-3 rounded-lg text-[14px] font-semibold text-ink hover:bg-card2"
            >
              {`Accept all ${openCount}`}
            </button>
          )}
        </div>
      )}
      <ul className="flex flex-col gap-3 list-none">
        {items.map((proposal) => {
          const isChosen = proposal === chosen;
          const draft = drafts[proposal.id];
          return (
            <li
              key={proposal.id}
              data-chosen={isChosen}
              className={`surface p-0! line-study scroll-mt-4 scroll-mb-40 lg:scroll-mb-4 ${isChosen ? "border-study!" : ""}`}
            >
              {proposal.id === editing?.id ? (
                <EditForm
                  proposal={editing}
                  words={draft ?? wordsOf(editing)}
                  elsewhere={elsewhere && savingAt < 0}
                  onType={type}
                  onSave={save}
                  onClose={close}
                />
              ) : (
                <Sides
                  proposal={proposal}
                  draft={draft}
                  isChosen={isChosen}
                  onChoose={() => choose(proposal.id)}
                />
              )}
              {isChosen && proposal.id !== editing?.id && (
                <div className={`${DECISIONS} ${seen ? AT_THE_EDGE : ""}`}>
                  <Decision
                    name="Accept"
                    letter="A"
                    icon={Check}
                    look={PRIMARY}
                    onClick={() => accept(proposal)}
                  />
                  <Decision
                    name="Edit"
                    letter="E"
                    icon={Pencil}
                    look={GHOST}
                    onClick={() => edit(proposal)}
                  />
                  <Decision
                    name="Reject"
                    letter="R"
                    icon={X}
                    look={GHOST}
                    onClick={() => reject(proposal)}
                  />
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
