// The review table, which feels instant: a card turns and is graded without waiting for the
// server.
import { useEffect, useRef, useState } from "react";
import { useKept, useVoice } from "./aloud.jsx";
import { Deeds } from "./deeds.jsx";
import { keyOf, keyOfAnswer, newName, useOutbox, useResending } from "./outbox.jsx";
import { Leech, Pause, useTimebox, Wait } from "./pauses.jsx";
import { Progress, TakeBack, Unsent } from "./progress.jsx";
import { Turn } from "./turn.jsx";

const ALOUD = "studymaster.aloud";
const SOUND = "studymaster.sound";
const TYPING = "input, textarea, select, [contenteditable]";

const isPlainUndo = (event) =>
  (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "z";

/* Ctrl or Cmd Z takes back as everywhere, unless words are being typed. */
function useUndoKey(undo) {
  const latest = useRef(undo);
  latest.current = undo;
  useEffect(() => {
    const press = (event) => {
      if (!isPlainUndo(event) || !latest.current || event.target.closest?.(TYPING)) return;
      if (document.querySelector("[role=dialog]")) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}

/* Ctrl and a number flag the card, as in Anki; the flag it has comes off. */
function useFlagKeys(onFlag, flag) {
  const latest = useRef({});
  latest.current = { onFlag, flag };
  useEffect(() => {
    const press = (event) => {
      const isFlag = event.ctrlKey && !event.metaKey && !event.altKey && /^[1-7]$/.test(event.key);
      if (!isFlag || !latest.current.onFlag || event.target.closest?.(TYPING)) return;
      if (document.querySelector("[role=dialog]")) return;
      event.preventDefault();
      const number = Number(event.key);
      latest.current.onFlag(number === latest.current.flag ? 0 : number);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}

/* What lies on the table. Cards that were put away are gone at once; the server's word, a
   table without them, ends that, so that one which comes back is seen. */
function usePile(cards, answered) {
  const [gone, setGone] = useState([]);
  const [back, setBack] = useState(null);
  const [pinned, setPinned] = useState("");
  useEffect(() => {
    const here = new Set(cards.map(keyOf));
    setGone((all) => (all.every((key) => here.has(key)) ? all : all.filter((key) => here.has(key))));
  }, [cards]);
  const rest = cards.filter((one) => !answered.has(keyOf(one)) && !gone.includes(keyOf(one)));
  // A card that was taken back lies there at once, before the server says so.
  const returned = back && (rest.find((one) => keyOf(one) === keyOf(back)) ?? back);
  const waiting = returned ? [returned, ...rest.filter((one) => one.id !== back.id)] : rest;
  const card = returned ?? waiting.find((one) => keyOf(one) === pinned) ?? waiting[0];
  const current = card ? keyOf(card) : "";
  useEffect(() => {
    if (current) setPinned(current);
  }, [current]);
  const putAway = (chosen) => {
    setBack(null);
    setGone((all) => [...all, ...chosen.map(keyOf)]);
  };
  const bringBack = (one) => {
    setGone((all) => all.filter((key) => key !== keyOf(one)));
    setBack(one);
  };
  const next = waiting.find((one) => one !== card);
  return { card, next, current, isBack: Boolean(back), putAway, bringBack, letGo: () => setBack(null) };
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
  undoCount = 0,
  leech = null,
  nextStepAt = "",
  timeboxMinutes = 0,
  timeboxes = [],
  edited = 0,
  onGrade,
  onResend,
  onTakeBack,
  onUndo,
  onEdit,
  onFlag,
  onBury,
  onSuspend,
  onSetDue,
  onReset,
  onDelete,
  onBringBack,
  onChooseTimebox,
  onLookAgain,
  onDismissLeech,
  children,
}) {
  const [answers, add, drop] = useOutbox(outbox, settled);
  const late = useResending(answers, onResend);
  const [given, setGiven] = useState([]);
  const [flags, setFlags] = useState({});
  const [isAloud, setAloud] = useKept(ALOUD, false);
  const [isSounding, setSounding] = useKept(SOUND, true);
  const [speaks, say] = useVoice();
  const aloud = useRef(null);
  const root = useRef(null);
  const graded = useRef(false);
  const pile = usePile(cards, new Set(answers.map(keyOfAnswer)));
  const box = useTimebox(timeboxMinutes);
  const { card, next, current } = pile;
  // What the server counts is not the end of it while it has not heard every answer.
  const isOver = counts.left === 0 && !pile.isBack && answers.length === 0;

  useEffect(() => {
    const title = root.current?.querySelector("h1");
    if (!isOver || !graded.current || !title) return;
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  }, [isOver]);

  const grade = (one, value, elapsed) => {
    graded.current = true;
    const name = newName();
    pile.letGo();
    setGiven((all) => [...all, { card: one, name }]);
    add({ card_id: one.id, turn: one.turn, grade: value, elapsed_ms: elapsed, answer_id: name });
    onGrade(one.id, one.turn, value, elapsed, name);
    box.answered();
  };
  const takeBack = () => {
    const last = given.at(-1);
    box.takenBack();
    if (!last) {
      onUndo();
      return;
    }
    setGiven(given.slice(0, -1));
    if (last.card) {
      setFlags(({ [last.card.id]: _, ...others }) => others);
      pile.bringBack(last.card);
    }
    if (last.name) {
      drop(keyOf(last.card));
      onTakeBack(last.card.id, last.card.turn, last.name);
    } else {
      onUndo();
    }
  };
  // A card that was changed in the window over the table is a step as well.
  const changes = useRef(edited);
  useEffect(() => {
    if (edited === changes.current) return;
    changes.current = edited;
    setGiven((all) => [...all, { card: null, name: "" }]);
  }, [edited]);
  const canUndo = given.length > 0 || (onUndo && undoCount > 0);
  useUndoKey(canUndo ? takeBack : null);

  const note = () => setGiven((all) => [...all, { card, name: "" }]);
  const away = (isWithSiblings) => {
    const isNote = (one) => card.note_id && one.note_id === card.note_id;
    note();
    graded.current = true;
    pile.putAway(cards.filter((one) => one.id === card.id || (isWithSiblings && isNote(one))));
  };
  // Only what this page was given can be done on it.
  const doing = (event, run) => (event && card && !box.pause ? run : null);
  const doings = {
    edit: doing(onEdit, () => onEdit(card.id)),
    aloud: doing(true, () => aloud.current?.()),
    flag: doing(onFlag, (number) => {
      note();
      setFlags((all) => ({ ...all, [card.id]: number }));
      onFlag(card.id, number);
    }),
    bury: doing(onBury, (isWithSiblings) => {
      away(isWithSiblings);
      onBury(card.id, isWithSiblings);
    }),
    suspend: doing(onSuspend, (isWithSiblings) => {
      away(isWithSiblings);
      onSuspend(card.id, isWithSiblings);
    }),
    due: doing(onSetDue, (days) => {
      away(false);
      onSetDue(card.id, days);
    }),
    reset: doing(onReset, () => {
      away(false);
      onReset(card.id);
    }),
    delete: doing(onDelete, () => {
      away(true);
      onDelete(card.id);
    }),
  };
  const flag = flags[card?.id] ?? card?.flag ?? 0;
  useFlagKeys(doings.flag, flag);
  const switches = [
    { words: "Play the sound of an answer", on: isSounding, onTurn: setSounding },
    ...(speaks ? [{ words: "Read every card aloud", on: isAloud, onTurn: setAloud }] : []),
  ];
  const undo = canUndo && <TakeBack onPress={takeBack} />;
  const mend = leech?.card_id && (
    <Leech
      leech={leech}
      onRewrite={() => onEdit(leech.card_id)}
      onBringBack={() => {
        setGiven((all) => [...all, { card: null, name: "" }]);
        onBringBack(leech.card_id);
      }}
      onDismiss={onDismissLeech}
    />
  );

  if (isOver) {
    return (
      <div ref={root} className="[&_h1]:outline-none">
        <Unsent count={answers.length} late={late} />
        {undo && <div className="flex justify-end py-3">{undo}</div>}
        {mend}
        {children}
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-5 md:gap-6 max-md:min-h-[calc(100dvh-88px)] max-md:-mb-8 lg:h-[calc(100dvh-74px)] md:min-h-[calc(100dvh-74px)] lg:min-h-[560px]">
      <Progress card={card} counts={counts} report={report} minutesLeft={minutesLeft}>
        {undo}
        <Deeds
          doings={doings}
          flag={flag}
          hasSiblings={Boolean(card?.note_id)}
          switches={switches}
          timebox={onChooseTimebox && { minutes: timeboxMinutes, all: timeboxes, onChoose: onChooseTimebox }}
        />
        <KeysButton />
      </Progress>
      <Unsent count={answers.length} late={late} />
      {mend}
      {box.pause ? (
        <Pause pause={box.pause} onGoOn={box.goOn} />
      ) : card ? (
        <Turn
          key={current}
          card={card}
          next={next}
          flag={flag}
          isFirst={!graded.current}
          voice={{ speaks, say, isAloud, isSounding, aloud }}
          onGrade={grade}
          onEdit={doings.edit}
        />
      ) : nextStepAt && answers.length === 0 ? (
        <Wait until={nextStepAt} onLook={onLookAgain} />
      ) : (
        <div aria-busy="true" className="surface flex-1 min-h-[38dvh] flex flex-col justify-center gap-4 md:px-14">
          <div className="skeleton h-7 w-4/5" />
          <div className="skeleton h-7 w-3/5" />
        </div>
      )}
    </div>
  );
}

function KeysButton() {
  return (
    <button
      type="button"
      data-opens="keys"
      aria-label="Keys of this page"
      title="Keys of this page (?)"
      className="max-lg:hidden grid place-items-center size-11 flex-none -my-3 -mr-2 rounded-[10px] hover:bg-card2"
    >
      <kbd
        aria-hidden="true"
        className="font-body text-[11px] font-semibold border border-hairline2 border-b-2 rounded-md px-1.5 text-ink3"
      >
        ?
      </kbd>
    </button>
  );
}
