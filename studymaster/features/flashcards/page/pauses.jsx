// What comes between two cards: a rest, a wait for the next step, a card that will not stay.
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";

const MINUTE_MS = 60_000;
const BUTTON =
  "inline-flex items-center justify-center gap-2.5 min-h-11 px-5 rounded-xl text-[15px] font-semibold whitespace-nowrap";
const MAIN = `${BUTTON} bg-ink text-bg hover:opacity-90`;
const GHOST = `${BUTTON} border border-hairline2 text-ink hover:bg-card2`;

const counted = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;

function Panel({ title, children }) {
  return (
    <section
      aria-label={title}
      className="surface flex-1 min-h-[38dvh] flex flex-col items-center justify-center gap-3 text-center px-6 py-8"
    >
      <h2 className="display text-xl font-semibold text-ink">{title}</h2>
      {children}
    </section>
  );
}

/* Tells after an answer whether the time that was set aside is over. */
export function useTimebox(minutes) {
  const began = useRef(Date.now());
  const count = useRef(0);
  const [pause, setPause] = useState(null);
  const answered = () => {
    count.current += 1;
    const spent = Date.now() - began.current;
    if (minutes > 0 && spent >= minutes * MINUTE_MS) {
      setPause({ answers: count.current, minutes: Math.round(spent / MINUTE_MS) });
    }
  };
  const goOn = () => {
    setPause(null);
    began.current = Date.now();
    count.current = 0;
  };
  const takenBack = () => {
    count.current = Math.max(0, count.current - 1);
    setPause(null);
  };
  return { pause, answered, goOn, takenBack };
}

export function Pause({ pause, onGoOn }) {
  const button = useRef(null);
  useEffect(() => button.current.focus({ preventScroll: true }), []);
  return (
    <Panel title="Time for a rest">
      <p role="status" className="text-ink2 max-w-[46ch]">
        {`You answered ${counted(pause.answers, "card")} in ${counted(pause.minutes, "minute")}. The rest waits for you.`}
      </p>
      <div className="flex flex-wrap justify-center gap-2.5 mt-3">
        <button ref={button} type="button" onClick={onGoOn} className={MAIN}>
          Go on
        </button>
        <Link to="/smart-study" className={GHOST}>
          Stop for now
        </Link>
      </div>
    </Panel>
  );
}

/* Only cards are left whose step has not come: says when, and looks again then. */
export function Wait({ until, onLook }) {
  const moment = new Date(until);
  const [now, setNow] = useState(() => Date.now());
  const latest = useRef(onLook);
  latest.current = onLook;
  useEffect(() => {
    const tick = setInterval(() => setNow(Date.now()), MINUTE_MS / 2);
    const look = setTimeout(
      () => latest.current?.(),
      Math.max(0, new Date(until).getTime() - Date.now()) + 500,
    );
    return () => {
      clearInterval(tick);
      clearTimeout(look);
    };
  }, [until]);
  const minutes = Math.max(1, Math.ceil((moment.getTime() - now) / MINUTE_MS));
  const hour = moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return (
    <Panel title="The next card is on its way">
      <p role="status" className="text-ink2 max-w-[46ch]">
        {`It comes at ${hour}, in ${counted(minutes, "minute")}. Stay here, or come back then.`}
      </p>
      <Link to="/smart-study" className={`${GHOST} mt-3`}>
        Back to the decks
      </Link>
    </Panel>
  );
}

/* A card that was forgotten again and again, and the way to mend it. */
export function Leech({ leech, onRewrite, onBringBack, onDismiss }) {
  const does = leech.suspended
    ? "It is suspended, so it is not asked any more."
    : "It has the tag leech.";
  return (
    <div
      role="status"
      className="line-focus surface flex flex-wrap items-center gap-x-5 gap-y-2 px-5 py-3"
    >
      <p className="flex-1 basis-72 min-w-0 text-[14.5px] text-ink2">
        <strong className="text-ink">
          This card does not stay: <span className="font-study">{leech.front}</span>
        </strong>{" "}
        {does} Asked more simply, it may.
      </p>
      <div className="flex flex-wrap gap-2.5">
        <button type="button" data-key="w" data-key-asks="server" onClick={onRewrite} className={GHOST}>
          Rewrite it
        </button>
        {leech.suspended && (
          <button type="button" onClick={onBringBack} className={`${BUTTON} text-ink2 hover:text-ink`}>
            Ask it all the same
          </button>
        )}
        <button type="button" onClick={onDismiss} className={`${BUTTON} text-ink2 hover:text-ink`}>
          Leave it
        </button>
      </div>
    </div>
  );
}
