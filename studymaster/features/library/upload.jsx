// Sends one chosen PDF to the server and says how far it is; what went wrong is told in place,
// and the choice stays, so that it can be sent again.
import { useEffect, useId, useRef, useState } from "react";

const LIMIT_BYTES = 50_000_000;
const TOO_LARGE = "This PDF is larger than 50 MB. Split it or save it smaller, then add it again.";
const SIGNED_OUT = "You are signed out. Sign in in another tab, then add the file again.";
const AWAY = "StudyMaster is not answering. Nothing was added; try again in a minute.";

function sentence(request) {
  if (request.status === 401) return SIGNED_OUT;
  try {
    return JSON.parse(request.responseText).detail || AWAY;
  } catch {
    return AWAY;
  }
}

/* Fetch cannot say how much of a body has left; this older way can. */
function send(address, file, { started, progressed, done }) {
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.append("file", file);
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) progressed(Math.round((100 * event.loaded) / event.total));
  };
  request.onload = () => done(request.status === 201 ? "" : sentence(request));
  request.onerror = () => done(AWAY);
  request.open("POST", address);
  request.send(form);
  started(request);
}

export function UploadField({ address, onAdded }) {
  const [percent, setPercent] = useState(-1);
  const [problem, setProblem] = useState("");
  const request = useRef(null);
  const field = useId();
  const busy = percent >= 0;

  useEffect(() => () => request.current?.abort(), []);

  const choose = (event) => {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (!file || busy) return;
    if (file.size > LIMIT_BYTES) {
      setProblem(TOO_LARGE);
      return;
    }
    setProblem("");
    setPercent(0);
    send(address, file, {
      started: (sent) => {
        request.current = sent;
      },
      progressed: setPercent,
      done: (failure) => {
        request.current = null;
        setPercent(-1);
        setProblem(failure);
        if (!failure) onAdded?.();
      },
    });
  };

  return (
    <div>
      <label htmlFor={field} className="block mb-1.5 text-[14px] font-semibold text-ink">
        PDF file
      </label>
      <input
        id={field}
        type="file"
        accept="application/pdf,.pdf"
        aria-disabled={busy}
        aria-invalid={problem !== ""}
        aria-describedby={`${field}-note`}
        onChange={choose}
        className="w-full min-h-11 px-3.5 py-2 rounded-[10px] bg-bg text-ink text-[16px] border border-edge aria-invalid:border-acct file:mr-3 file:rounded-lg file:border-0 file:bg-card2 file:px-3 file:py-1.5 file:text-ink"
      />
      <p id={`${field}-note`} role="status" className="mt-1.5 min-h-5 text-[14px] text-ink2">
        {busy && (percent < 100 ? `Sending: ${percent} %` : "Reading its pages…")}
        {!busy && problem && <span className="text-acct-ink">{problem}</span>}
      </p>
    </div>
  );
}
