// The line above the card: whose it is, how far the day has come, what is left.
import { Undo2 } from "lucide-react";
import { Fragment } from "react";

// As the decks count their cards, in the same words.
const STAGES = [
  { stage: "new", word: "new", ink: "text-sync-ink" },
  { stage: "learning", word: "again", ink: "text-acct-ink" },
  { stage: "due", word: "due", ink: "text-campus-ink" },
];

/* Takes the last step back; it is there once something was done. */
export function TakeBack({ onPress }) {
  return (
    <button
      type="button"
      onClick={onPress}
      aria-label="Take the last step back"
      title="Take the last step back (Z)"
      aria-keyshortcuts="Z U Control+Z"
      data-key="z u"
      className="grid place-items-center size-11 flex-none -my-3 -mr-2 rounded-[10px] text-ink2 hover:bg-card2 hover:text-ink"
    >
      <Undo2 size={18} strokeWidth={1.75} aria-hidden="true" />
    </button>
  );
}

export function Progress({ card, counts, report, minutesLeft, children }) {
  const all = report.answers + counts.left;
  const part = all ? report.answers / all : 0;
  return (
    <div className="flex items-center gap-4 max-md:flex-wrap max-md:gap-x-3 max-md:gap-y-3">
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
        className="flex-1 max-md:order-1 max-md:basis-1/2 h-1.5 rounded-full bg-card2 overflow-hidden"
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
      <div className="relative flex items-center gap-3 max-md:order-2 empty:hidden">{children}</div>
    </div>
  );
}

export function Unsent({ count, late }) {
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
