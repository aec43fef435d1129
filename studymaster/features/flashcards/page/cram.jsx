// Going through cards by choice. The table runs a little ahead of the server, as in a review;
// nothing of it reaches the schedule.
import { useEffect, useRef, useState } from "react";
import { useKept, useVoice } from "$/public/external/studymaster/features/flashcards/page/study/aloud.jsx";
import { keyOf } from "$/public/external/studymaster/features/flashcards/page/study/outbox.jsx";
import { Turn } from "$/public/external/studymaster/features/flashcards/page/study/turn.jsx";

const KNOWN = 4;
const CHOICES = [
  { name: "Again", grade: 2, key: "1", line: "line-acct" },
  { name: "Got it", grade: KNOWN, key: "2", line: "line-campus" },
];
const LOST_AFTER_MS = 6000;

/* The cards that lie here without those that were just answered. An answer that the server
   never heard brings its card back. */
function useWaiting(cards) {
  const [gone, setGone] = useState([]);
  useEffect(() => {
    const here = new Set(cards.map(keyOf));
    setGone((all) => (all.every((key) => here.has(key)) ? all : all.filter((key) => here.has(key))));
  }, [cards]);
  const waiting = cards.filter((one) => !gone.includes(keyOf(one)));
  const isEmpty = waiting.length === 0 && cards.length > 0;
  useEffect(() => {
    if (!isEmpty) return undefined;
    const timer = setTimeout(() => setGone([]), LOST_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isEmpty]);
  return [waiting, (card) => setGone((all) => [...all, keyOf(card)])];
}

export function CramTable({ cards, left, known, again, onAnswer }) {
  const [waiting, put] = useWaiting(cards);
  const [speaks, say] = useVoice();
  const [isSounding] = useKept("studymaster.sound", true);
  const [isAloud] = useKept("studymaster.aloud", false);
  const aloud = useRef(null);
  const answered = useRef(false);
  const [card, next] = waiting;
  const answer = (one, grade) => {
    answered.current = true;
    put(one);
    onAnswer(one.id, one.turn, grade === KNOWN);
  };
  const all = known + left;
  return (
    <div className="flex flex-col gap-5 max-md:min-h-[calc(100dvh-170px)] md:min-h-[calc(100dvh-150px)]">
      <div className="flex items-center gap-4">
        <div
          role="progressbar"
          aria-label="Known in this round"
          aria-valuemin={0}
          aria-valuenow={known}
          aria-valuemax={all}
          className="flex-1 h-1.5 rounded-full bg-card2 overflow-hidden"
        >
          <div
            className="bar h-full w-full rounded-full bg-hue"
            style={{ transform: `scaleX(${all ? known / all : 0})` }}
          />
        </div>
        <p className="text-[14.5px] tabular-nums whitespace-nowrap">
          <span className="text-campus-ink">{`${known} known`}</span>
          <span className="text-ink3">{" · "}</span>
          <span className="text-acct-ink">{`${again} again`}</span>
          <span className="text-ink3">{" · "}</span>
          {`${left} left`}
        </p>
      </div>
      {card ? (
        <Turn
          key={keyOf(card)}
          card={card}
          next={next}
          flag={0}
          isFirst={!answered.current}
          voice={{ speaks, say, isAloud, isSounding, aloud }}
          choices={CHOICES}
          onGrade={answer}
        />
      ) : (
        <div aria-busy="true" className="surface flex-1 min-h-[38dvh] flex flex-col justify-center gap-4 md:px-14">
          <div className="skeleton h-7 w-4/5" />
          <div className="skeleton h-7 w-3/5" />
        </div>
      )}
    </div>
  );
}
