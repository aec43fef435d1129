// One card on the table: its question, its answer, and the four grades.
import { Flag } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import {
  CardAnswer,
  CardQuestion,
  labelsOf,
} from "$/public/external/studymaster/features/flashcards/page/face/face.jsx";
import { prepareCode } from "$/public/external/studymaster/ui/written/code.jsx";
import { playSound, readOut, spoken } from "./aloud.jsx";
import { Beside, prepare, SourceChip } from "./cited.jsx";
import { FLAGS } from "./deeds.jsx";
import { Compared, TypedField } from "./typed.jsx";

const GRADES = [
  { name: "Again", grade: 2, key: "1", line: "line-acct" },
  { name: "Hard", grade: 3, key: "2", line: "line-focus" },
  { name: "Good", grade: 4, key: "3", line: "line-campus" },
  { name: "Easy", grade: 5, key: "4", line: "line-sync" },
];
const TYPING = "input, textarea, select, [contenteditable], [role=dialog] *";
const GOOD = 4;
// What a key presses by itself, or scrolls; Space does nothing on a link, so there it may turn
// or grade the card.
const PRESSABLE = { " ": "button, summary, [role=button], [data-scroll]", Enter: "a, button, summary, [role=button]" };

function GradeButton({ choice, interval, onGrade }) {
  return (
    <button
      type="button"
      onClick={() => onGrade(choice.grade)}
      aria-keyshortcuts={choice.key}
      data-key={choice.key}
      data-key-label={choice.name}
      className={`${choice.line} flex items-center gap-3 max-lg:flex-col max-lg:justify-center max-lg:gap-0 max-lg:py-1.5 min-h-14 max-lg:min-h-[4.75rem] px-5 max-lg:px-1 rounded-[14px] border border-[color-mix(in_oklab,var(--hue)_48%,transparent)] bg-card hover:bg-card2 text-left`}
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

function Chip({ words, keys, onPress }) {
  return (
    <button
      type="button"
      onClick={onPress}
      className="group inline-flex min-h-11 items-center rounded-lg"
    >
      <span className="inline-flex items-center gap-2 text-[12.5px] font-medium rounded-lg px-2.5 py-[3px] bg-card2 text-ink2 group-hover:text-ink">
        {words}
        <kbd
          aria-hidden="true"
          className="max-md:hidden font-body text-[11px] font-semibold border border-hairline2 border-b-2 rounded-md px-1.5 text-ink3"
        >
          {keys}
        </kbd>
      </span>
    </button>
  );
}

/* What stands on the side that is up; under covered places are their names. */
function wordsUp(card, revealed) {
  if (!revealed || card.kind === "cloze") return card.front;
  if (card.kind !== "occlusion") return card.back;
  return [...labelsOf(card.masks, card.ordinal), card.back].filter(Boolean).join(". ");
}

/* Reads the side that is up, on wish or by itself. */
function useReading({ card, revealed, voice, question, answer }) {
  const { speaks, say, isAloud, isSounding } = voice;
  const read = useCallback(() => {
    const isBlank = card.kind === "cloze" && !revealed;
    const text = wordsUp(card, revealed);
    if (playSound(revealed ? answer.current : question.current)) return;
    say(readOut(text, isBlank, card.language), card.language);
  }, [card, revealed, say, question, answer]);
  voice.aloud.current = read;
  const latest = useRef(null);
  latest.current = { read, isAloud: isAloud && speaks, isSounding };
  useEffect(() => {
    const { isAloud: always, isSounding: plays } = latest.current;
    if (always) latest.current.read();
    else if (plays && revealed) playSound(answer.current);
  }, [revealed, speaks, answer]);
  return read;
}

/* `choices` are what can be said of a card; its `intervals` name what comes of each. */
export function Turn({ card, next, flag, isFirst, voice, choices = GRADES, onGrade, onEdit }) {
  const [revealed, setRevealed] = useState(false);
  const [typed, setTyped] = useState("");
  const [since] = useState(() => performance.now());
  const graded = useRef(false);
  const question = useRef(null);
  const answer = useRef(null);
  const isTyped = card.kind === "typed";
  // The answer is the same picture, uncovered: it stands in the place of the question.
  const isPicture = card.kind === "occlusion";
  const read = useReading({ card, revealed, voice, question, answer });

  useEffect(() => {
    // What had the focus went away with the last card; a field takes it by itself.
    if (!isFirst && !isTyped) question.current.focus({ preventScroll: true });
  }, [isFirst, isTyped]);
  useEffect(() => {
    if (revealed) answer.current.focus({ preventScroll: true });
  }, [revealed]);

  const reveal = useCallback(() => setRevealed(true), []);
  const grade = (value) => {
    if (!revealed || graded.current) return;
    graded.current = true;
    onGrade(card, value, Math.round(performance.now() - since));
  };

  const go = () => (revealed ? grade(GOOD) : reveal());
  const latest = useRef(go);
  latest.current = go;
  useEffect(() => {
    const press = (event) => {
      if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      const pressable = PRESSABLE[event.key];
      if (!pressable || event.target.closest?.(TYPING)) return;
      if (event.target.closest?.(pressable)) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);

  useEffect(() => {
    prepare(card.source);
    prepare(next?.source);
    for (const one of [card, next]) prepareCode([one?.front, one?.back, one?.extra].join("\n"));
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
          data-card={card.id}
          className={`${isFirst ? "rise " : ""}surface relative flex flex-col min-w-0 min-h-[38dvh] lg:min-h-0 lg:overflow-y-auto px-6 py-8 md:px-14`}
        >
          {flag > 0 && (
            <p className="absolute top-4 end-5 flex items-center gap-1.5 text-[12.5px] font-medium text-ink2">
              <Flag
                size={14}
                strokeWidth={1.75}
                aria-hidden="true"
                style={{ color: FLAGS[flag].ink }}
                fill={FLAGS[flag].ink}
              />
              {FLAGS[flag].name}
            </p>
          )}
          <div className="my-auto">
            <div
              ref={question}
              tabIndex={-1}
              hidden={isPicture && revealed}
              lang={card.language || undefined}
              className="outline-none font-study text-[22px] md:text-[29px] leading-[1.38] text-ink"
            >
              <CardQuestion card={card} />
            </div>
            {isTyped && !revealed && (
              <TypedField words={typed} onWords={setTyped} onDone={reveal} language={card.language} />
            )}
            {revealed && (
              <div className={isPicture ? "" : "rise mt-7 pt-7 border-t border-hairline2"}>
                <div
                  ref={answer}
                  tabIndex={-1}
                  lang={card.language || undefined}
                  className="outline-none font-study text-[19px] md:text-[23px] leading-[1.42] text-ink2 [&_strong]:text-ink"
                >
                  {isTyped && (
                    <Compared given={typed} answer={spoken(card.back)} language={card.language} />
                  )}
                  <CardAnswer card={card} />
                </div>
                <div className="mt-4 flex flex-wrap items-center gap-x-2.5">
                  <SourceChip source={source} />
                  {voice.speaks && <Chip words="Read aloud" keys="R" onPress={read} />}
                  {onEdit && <Chip words="Edit" keys="E" onPress={() => onEdit()} />}
                </div>
              </div>
            )}
          </div>
        </article>
        {cited && <Beside card={card} revealed={revealed} />}
      </div>
      <div className="sticky z-10 bottom-[calc(60px+env(safe-area-inset-bottom))] md:bottom-0 -mx-2 px-2 py-2 bg-bg">
        {revealed ? (
          <div role="group" aria-label="How well did you know it?" className={`grid gap-2 md:gap-3.5 ${choices.length === 4 ? "grid-cols-4" : "grid-cols-2"}`}
          >
            {choices.map((choice, index) => (
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
            className="flex w-full items-center justify-center gap-3 min-h-14 max-lg:min-h-[4.75rem] rounded-[14px] bg-ink text-bg font-semibold text-[16px] hover:opacity-90"
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
