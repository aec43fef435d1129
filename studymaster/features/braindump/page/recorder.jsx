// Records a voice memo and brings it to the server; until it is there the recording stays in
// the page, can be sent again, or saved on the device.
import { Mic, Square } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { newId } from "./notepad.jsx";

const LONGEST_SECONDS = 3600;
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
/* As everywhere else: Mon 23 Nov 2026, 18:00 */
const MOMENT = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});
const GHOST =
  "inline-flex items-center justify-center gap-2.5 min-h-11 px-4 rounded-xl text-[15px] font-semibold whitespace-nowrap border border-hairline2 text-ink hover:bg-card2";
const SIGNED_OUT =
  "You are signed out. Sign in in another tab, then try again; the recording stays here.";
const AWAY = "StudyMaster is not answering. The recording stays here; try again.";

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function refusal(error) {
  if (error?.name === "NotAllowedError") {
    return "Your browser does not let us use the microphone. Allow it beside the address.";
  }
  if (error?.name === "NotFoundError") return "There is no microphone on this device.";
  return "This browser cannot record. Write the thought down instead.";
}

async function sentence(answer) {
  if (answer.status === 401) return SIGNED_OUT;
  try {
    return (await answer.json()).detail ?? AWAY;
  } catch {
    return AWAY;
  }
}

async function send(address, options) {
  const answer = await fetch(address, { method: "POST", ...options });
  if (!answer.ok) throw new Error(await sentence(answer));
}

/* The same ids are used however often it is tried: sent twice, it is kept once. */
async function deliver({ blob, seconds, noteId, ownNote, memoId, title }) {
  try {
    if (ownNote) {
      const note = JSON.stringify({ id: noteId, text: title, kind: "thought" });
      const headers = { "Content-Type": "application/json" };
      await send("/api/v1/notes", { body: note, headers });
    }
    const form = new FormData();
    form.append("id", memoId);
    form.append("seconds", String(seconds));
    form.append("file", blob, "memo");
    await send(`/api/v1/notes/${noteId}/memos`, { body: form });
    return "";
  } catch (error) {
    return error instanceof TypeError ? AWAY : error.message;
  }
}

/* Without a `noteId` the recording becomes a note of its own. */
export function VoiceRecorder({ noteId }) {
  const [seconds, setSeconds] = useState(0);
  const [phase, setPhase] = useState("idle");
  const [problem, setProblem] = useState("");
  const recorder = useRef(null);
  const made = useRef(null);

  useEffect(() => {
    if (phase !== "recording") return undefined;
    const began = performance.now();
    const tick = setInterval(() => {
      const now = Math.floor((performance.now() - began) / 1000);
      setSeconds(now);
      if (now >= LONGEST_SECONDS) recorder.current?.stop();
    }, 250);
    return () => clearInterval(tick);
  }, [phase]);

  useEffect(() => {
    const stop = () => recorder.current?.state === "recording" && recorder.current.stop();
    return stop;
  }, []);

  useEffect(() => {
    if (phase === "idle") return undefined;
    const warn = (event) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [phase]);

  const deliverIt = async () => {
    setPhase("sending");
    setProblem("");
    const failure = await deliver(made.current);
    setProblem(failure);
    setPhase(failure ? "failed" : "idle");
    if (!failure) made.current = null;
  };
  const start = async () => {
    setProblem("");
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
      const parts = [];
      const began = performance.now();
      const device = new MediaRecorder(stream, mimeType ? { mimeType } : {});
      device.ondataavailable = (event) => parts.push(event.data);
      device.onstop = () => {
        for (const track of stream.getTracks()) track.stop();
        const spoken = Math.round((performance.now() - began) / 1000);
        const length = Math.min(Math.max(1, spoken), LONGEST_SECONDS);
        made.current = {
          blob: new Blob(parts, { type: device.mimeType }),
          seconds: length,
          noteId: noteId || newId(),
          ownNote: !noteId,
          memoId: newId(),
          title: `Voice memo of ${MOMENT.format(new Date()).replace(",", "")}`,
        };
        deliverIt();
      };
      device.start(1000);
      recorder.current = device;
      setSeconds(0);
      setPhase("recording");
    } catch (error) {
      setProblem(refusal(error));
    }
  };
  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(made.current.blob);
    link.download = "voice-memo";
    link.click();
    URL.revokeObjectURL(link.href);
  };

  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      {phase === "recording" ? (
        <button type="button" onClick={() => recorder.current.stop()} className={GHOST}>
          <Square size={18} aria-hidden="true" />
          Stop
          <span aria-hidden="true" className="tabular-nums text-acct-ink">
            {clock(seconds)}
          </span>
        </button>
      ) : (
        <button
          type="button"
          onClick={start}
          disabled={phase === "sending" || phase === "failed"}
          className={`${GHOST} disabled:opacity-55`}
        >
          <Mic size={18} aria-hidden="true" />
          {phase === "sending" ? "Keeping it" : "Record"}
        </button>
      )}
      {phase === "failed" && (
        <>
          <button type="button" onClick={deliverIt} className={GHOST}>
            Try again
          </button>
          <button type="button" onClick={save} className={GHOST}>
            Save on this device
          </button>
        </>
      )}
      <span role="status" className={problem ? "basis-full text-[13px] text-acct-ink" : "sr-only"}>
        {problem || (phase === "recording" ? "Recording" : "")}
      </span>
    </span>
  );
}
