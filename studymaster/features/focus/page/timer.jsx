// The face of the focus clock and everything in the browser that hangs on it: the ring, the
// keys, the full screen, the chime, the note of the browser and the screen that stays on.
import { useCallback, useEffect, useRef, useState } from "react";
import { face, heardAt, placeAt } from "./clock.js";

const RADIUS = 203;
const AROUND = 2 * Math.PI * RADIUS;
const DRIFT_MS = 2000;
const SAY_EVERY_MS = 5 * 60_000;
const AGAIN_MS = 2000;
const TYPING = "input:not([type=range]):not([type=radio]), textarea, select, [contenteditable]";
const PRESSED_BY_SPACE = "a, button, summary, label, [role=button]";
const TAG = "studymaster-focus";

const planOf = (timer) => ({
  focus: timer.focus_ms,
  rest: timer.break_ms,
  rounds: timer.rounds,
});

/* A worker beats on while the page is in the background; without one, the page's own timer. */
function startBeat(address, look) {
  let worker = null;
  let timer = null;
  const byItself = () => {
    timer ??= setInterval(look, 250);
  };
  try {
    worker = new Worker(address);
    worker.onmessage = look;
    worker.onerror = byItself;
  } catch {
    byItself();
  }
  return () => {
    worker?.terminate();
    clearInterval(timer);
  };
}

/* What is spent by now. A clock that jumped (a laptop that slept) asks the server again. */
function useSpent(timer, beat, onCheck) {
  const { id, moment, running, spent_ms: spent } = timer;
  const [now, setNow] = useState({ moment, spent });
  const check = useRef(onCheck);
  check.current = onCheck;
  useEffect(() => {
    const clocks = { steady: performance.now(), wall: Date.now(), keep: sessionStorage };
    const since = heardAt(moment, clocks);
    let asked = false;
    const look = () => {
      const steady = performance.now() - since.steady;
      setNow({ moment, spent: spent + (running ? steady : 0) });
      if (!asked && Math.abs(Date.now() - since.wall - steady) > DRIFT_MS) {
        asked = true;
        check.current();
      }
    };
    look();
    if (!id || !running) return undefined;
    return startBeat(beat, look);
  }, [id, moment, running, spent, beat]);
  useEffect(() => {
    const look = () => {
      if (!document.hidden) check.current();
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  return now.moment === moment ? now.spent : spent;
}

let sound = null;

/* Two soft tones. A browser that has heard no click yet keeps them to itself. */
function chime() {
  try {
    sound ??= new AudioContext();
    sound.resume();
    for (const [place, hertz] of [659.3, 880].entries()) {
      const at = sound.currentTime + 0.22 * place;
      const tone = new OscillatorNode(sound, { frequency: hertz });
      const level = new GainNode(sound, { gain: 0 });
      level.gain.setValueAtTime(0, at);
      level.gain.linearRampToValueAtTime(0.18, at + 0.02);
      level.gain.exponentialRampToValueAtTime(0.001, at + 1.1);
      tone.connect(level).connect(sound.destination);
      tone.start(at);
      tone.stop(at + 1.2);
    }
  } catch {
    // Then the page and the note say it.
  }
}

const granted = () => typeof Notification !== "undefined" && Notification.permission === "granted";

async function tell(title, body) {
  if (!granted() || !document.hidden) return;
  try {
    new Notification(title, { body, tag: TAG });
  } catch {
    // Phones show notes only through a service worker.
    const worker = await navigator.serviceWorker?.getRegistration();
    await worker?.showNotification(title, { body, tag: TAG });
  }
}

function turning(at, rounds) {
  if (at.isOver) return ["Session finished", "The last round is done."];
  if (at.phase === "break") {
    return ["Time for a break", `Round ${at.round} of ${rounds} is done.`];
  }
  return ["Back to focus", `Round ${at.round} of ${rounds} begins.`];
}

/* Says what the clock alone crossed; what the student or another tab did is no news. */
function useTurns(timer, at, onCheck) {
  const [said, setSaid] = useState("");
  const last = useRef({ moment: "", turn: "" });
  const turn = `${at.round}:${at.phase}:${at.isOver}`;
  useEffect(() => {
    const before = last.current;
    last.current = { moment: timer.moment, turn };
    if (!timer.id || before.moment !== timer.moment || before.turn === turn) return;
    const [title, body] = turning(at, timer.rounds);
    setSaid(`${title}. ${body}`);
    chime();
    tell(title, body);
    onCheck();
  }, [timer.id, timer.moment, turn]);
  return said;
}

/* The rest of the time in the tab's title; on leaving, unless another page has put its own. */
function useTitle(words, title) {
  const shown = useRef("");
  useEffect(() => {
    const next = words ? `${words} · ${title}` : title;
    if (words || shown.current) document.title = next;
    shown.current = words ? next : "";
  }, [words, title]);
  useEffect(
    () => () => {
      if (shown.current && document.title === shown.current) document.title = title;
    },
    [title],
  );
}

/* The minutes that the form of a new session asks for, while it is being filled in. */
function useAsked(form, isIdle) {
  const [minutes, setMinutes] = useState(25);
  useEffect(() => {
    const element = isIdle ? document.getElementById(form) : null;
    if (!element) return undefined;
    const read = () => {
      const data = new FormData(element);
      const preset = data.get("preset");
      const asked = Number(preset === "custom" ? data.get("minutes") : preset);
      if (Number.isInteger(asked) && asked >= 1 && asked <= 180) setMinutes(asked);
    };
    read();
    element.addEventListener("input", read);
    return () => element.removeEventListener("input", read);
  }, [form, isIdle]);
  return minutes;
}

function Ring({ part, quiet }) {
  return (
    <svg viewBox="0 0 420 420" aria-hidden="true" className="absolute inset-0 size-full -rotate-90">
      <circle cx="210" cy="210" r={RADIUS} fill="none" stroke="var(--card2)" strokeWidth="11" />
      <circle
        cx="210"
        cy="210"
        r={RADIUS}
        fill="none"
        stroke="var(--hue)"
        strokeWidth="11"
        strokeLinecap="round"
        strokeDasharray={AROUND}
        strokeDashoffset={AROUND * (1 - part)}
        opacity={part > 0 ? (quiet ? 0.45 : 1) : 0}
      />
    </svg>
  );
}

function Rounds({ round, rounds, isBreak }) {
  if (rounds < 2) return null;
  const words = isBreak ? `Break after round ${round} of ${rounds}` : `Round ${round} of ${rounds}`;
  return (
    <p className="mt-4 flex justify-center gap-2">
      <span className="sr-only">{words}</span>
      {Array.from({ length: rounds }, (_, place) => (
        <span
          key={place}
          aria-hidden="true"
          className={`size-2.5 rounded-full ${place < round ? "bg-hue" : "bg-card2"}`}
        />
      ))}
    </p>
  );
}

function caption(timer, at) {
  if (!timer.id) return "Ready when you are";
  const subject = [timer.course, timer.task].filter(Boolean).join(" · ");
  const state = timer.running ? "" : "Paused";
  if (at.isOver) return "Done. Counting it up.";
  if (at.phase === "break") return [state, `Break before round ${at.round + 1}`].filter(Boolean).join(" · ");
  return [state, subject].filter(Boolean).join(" · ") || "Focus";
}

/* Counts down by itself between two words from the server. */
export function FocusFace({ timer, form, beat, title, onCheck }) {
  const isIdle = !timer.id;
  const asked = useAsked(form, isIdle) * 60_000;
  const spent = useSpent(timer, beat, onCheck);
  const at = isIdle
    ? { phase: "focus", round: 1, left: asked, whole: asked, isOver: false }
    : placeAt(planOf(timer), spent);
  const said = useTurns(timer, at, onCheck);
  const shown = face(at.left);
  const limit = Math.min(Math.ceil(at.left / SAY_EVERY_MS) * SAY_EVERY_MS, at.whole) / 60_000;
  useTitle(isIdle ? "" : `${shown}${timer.running ? "" : " paused"}`, title);
  useWakefulness(timer.running);
  return (
    <div className="relative mx-auto w-[min(420px,100%)] aspect-square grid place-items-center">
      <Ring part={at.whole ? at.left / at.whole : 0} quiet={!isIdle && !timer.running} />
      <div className="relative text-center px-12 w-full">
        <div
          role="timer"
          aria-label={`${at.phase === "break" ? "Break" : "Focus"}, time left`}
          className={`display font-[750] leading-none text-ink ${shown.length > 5 ? "text-[clamp(48px,17vw,80px)]" : "text-[clamp(56px,20vw,96px)]"}`}
        >
          {shown}
        </div>
        <p className="mt-4 text-[17px] max-sm:text-[15px] text-ink2 line-clamp-2">{caption(timer, at)}</p>
        <Rounds round={at.round} rounds={isIdle ? 1 : timer.rounds} isBreak={at.phase === "break"} />
      </div>
      <p role="status" className="sr-only">
        {said}
      </p>
      <p role="status" className="sr-only">
        {timer.running && !at.isOver && `${limit} ${limit === 1 ? "minute" : "minutes"} left at most.`}
      </p>
    </div>
  );
}

/* Keeps the screen on while the clock runs; a hidden page loses that and asks again. */
function useWakefulness(running) {
  useEffect(() => {
    if (!running || !navigator.wakeLock) return undefined;
    let lock = null;
    let gone = false;
    const ask = async () => {
      if (document.hidden || gone) return;
      try {
        lock = await navigator.wakeLock.request("screen");
        if (gone) lock.release();
      } catch {
        // A low battery may refuse it.
      }
    };
    ask();
    document.addEventListener("visibilitychange", ask);
    return () => {
      gone = true;
      lock?.release();
      document.removeEventListener("visibilitychange", ask);
    };
  }, [running]);
}

const PERMISSIONS = {
  asking: "Your browser asks you now. If it does not, allow notes in its settings for this site.",
  granted: "Your browser tells you when a phase ends.",
  denied: "Your browser blocks notes from here. Allow them in its settings for this site.",
  unanswered:
    "Your browser did not allow notes. Press again, or allow them in its settings for this site.",
  unsupported: "This browser shows no notes. The chime and the title of the tab tell you.",
};

/* What the browser may do for a session: tell when a phase ends, keep the screen on. */
export function FocusSignals() {
  const [permission, setPermission] = useState("");
  const [awake, setAwake] = useState(true);
  useEffect(() => {
    setPermission(typeof Notification === "undefined" ? "unsupported" : Notification.permission);
    setAwake("wakeLock" in navigator);
  }, []);
  const ask = async () => {
    setPermission("asking");
    const answer = await Notification.requestPermission();
    setPermission(answer === "default" ? "unanswered" : answer);
  };
  return (
    <div className="text-[13px] text-ink2 flex flex-col gap-2">
      {["default", "asking", "unanswered"].includes(permission) && (
        <button
          type="button"
          onClick={ask}
          className="inline-flex items-center justify-center min-h-11 px-4 rounded-xl border border-hairline2 text-ink text-[14px] font-semibold hover:bg-card2"
        >
          Tell me when a phase ends
        </button>
      )}
      <p role="status">{PERMISSIONS[permission] ?? ""}</p>
      {!awake && <p>This browser cannot keep the screen on. Your device may dim it.</p>}
    </div>
  );
}

/* Nothing behind the stage can be reached while it fills the screen. */
function hideTheRest(stage, hidden) {
  for (let inner = stage; inner && inner.parentElement; inner = inner.parentElement) {
    for (const beside of inner.parentElement.children) {
      const isPage = beside.matches("header, nav, section:not([aria-label=Notices]), [data-beside]");
      if (beside !== inner && isPage) beside.inert = hidden;
    }
    if (inner.id === "content") return;
  }
}

/* One press is one wish: until it is answered, pressing again does nothing. */
function useOnce(session, wrong) {
  const pressed = useRef(false);
  const [waits, setWaits] = useState(false);
  const wait = (on) => {
    pressed.current = on;
    setWaits(on);
  };
  useEffect(() => wait(false), [session, wrong]);
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setTimeout(() => wait(false), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [waits]);
  const guard = (event) => {
    if (!event.target.closest("[data-once]")) return;
    if (pressed.current) {
      event.preventDefault();
      event.stopPropagation();
    } else {
      wait(true);
    }
  };
  return [waits, guard];
}

/* The frame of the clock and its buttons: Space, the full screen, the line for distractions. */
export function FocusStage({ session, wrong, children }) {
  const root = useRef(null);
  const [full, setFull] = useState(false);
  const [noting, setNoting] = useState(false);
  const [waits, guard] = useOnce(session, wrong);

  const leave = useCallback(() => {
    setFull(false);
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
  }, []);
  const enter = () => {
    setFull(true);
    // Where a browser has no full screen, filling its window is what can be done.
    document.documentElement.requestFullscreen?.().catch(() => {});
  };

  useEffect(() => {
    const press = (event) => {
      if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.defaultPrevented || event.target.closest?.(TYPING)) return;
      if (event.key !== " " || event.target.closest?.(PRESSED_BY_SPACE)) return;
      if (document.querySelector('[role="dialog"]')) return;
      event.preventDefault();
      root.current.querySelector("#focus-toggle")?.click();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);

  const shown = useRef(session);
  useEffect(() => {
    if (shown.current === session) return;
    shown.current = session;
    setNoting(false);
    // What had the focus went away with the form, or with the session.
    const lost = document.activeElement === document.body;
    if (lost) root.current.querySelector("#focus-toggle")?.focus({ preventScroll: true });
    // Start stands below the clock: on a phone the clock was scrolled away.
    if (session && root.current.getBoundingClientRect().top < 0) root.current.scrollIntoView();
  }, [session]);

  useEffect(() => {
    if (!full) return undefined;
    const stage = root.current;
    hideTheRest(stage, true);
    const change = () => {
      if (!document.fullscreenElement) setFull(false);
    };
    const escape = (event) => {
      if (event.key === "Escape" && !document.querySelector('[role="dialog"]')) leave();
    };
    document.addEventListener("fullscreenchange", change);
    window.addEventListener("keydown", escape);
    return () => {
      hideTheRest(stage, false);
      document.removeEventListener("fullscreenchange", change);
      window.removeEventListener("keydown", escape);
    };
  }, [full, leave]);
  useEffect(() => leave, [leave]);

  useEffect(() => {
    if (noting) root.current.querySelector("#field-distraction")?.focus();
  }, [noting]);

  const act = (event) => {
    const pressed = event.target.closest("button")?.id;
    if (pressed === "focus-full") {
      if (full) leave();
      else enter();
    }
    if (pressed === "focus-distracted") setNoting((before) => !before);
  };
  const place = full ? "fixed inset-0 z-40 overflow-y-auto px-4" : "";
  return (
    <div
      ref={root}
      onClickCapture={guard}
      onClick={act}
      data-waits={waits || undefined}
      data-full={full || undefined}
      data-noting={noting || undefined}
      className={`group flex flex-col justify-center gap-7 min-w-0 py-2 scroll-mt-4 bg-bg bg-[radial-gradient(closest-side,color-mix(in_oklab,var(--hue)_6%,transparent),transparent)] ${place}`}
    >
      {children}
    </div>
  );
}
