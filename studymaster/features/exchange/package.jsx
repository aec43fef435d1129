// Sends one chosen package to the server and says how far it is; what went wrong is told in
// place, and the choice can be made again.
import { useEffect, useId, useRef, useState } from "react";

const SIGNED_OUT = "You are signed out. Sign in in another tab, then choose the file again.";
const AWAY = "StudyMaster is not answering. Nothing was imported; try again in a minute.";

function sentence(request) {
  if (request.status === 401) return SIGNED_OUT;
  try {
    return JSON.parse(request.responseText).detail || AWAY;
  } catch {
    return AWAY;
  }
}

export function PackageField({ address, busy, onSent }) {
  const [percent, setPercent] = useState(-1);
  const [problem, setProblem] = useState("");
  const request = useRef(null);
  const field = useId();
  const sending = percent >= 0;

  useEffect(() => () => request.current?.abort(), []);

  const send = (event) => {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (!file || sending || busy) return;
    const form = new FormData();
    form.append("file", file);
    // Fetch cannot say how much of a body has left; this older way can.
    const sent = new XMLHttpRequest();
    const end = (failure) => {
      request.current = null;
      setPercent(-1);
      setProblem(failure);
      if (!failure) onSent?.();
    };
    sent.upload.onprogress = (moved) => {
      if (moved.lengthComputable) setPercent(Math.round((100 * moved.loaded) / moved.total));
    };
    sent.onload = () => end(sent.status === 201 ? "" : sentence(sent));
    sent.onerror = () => end(AWAY);
    setProblem("");
    setPercent(0);
    request.current = sent;
    sent.open("POST", address);
    sent.send(form);
  };

  return (
    <div>
      <label htmlFor={field} className="block mb-1.5 text-[14px] font-semibold text-ink">
        Anki package (.apkg) or table (.csv, .tsv, .txt)
      </label>
      <input
        id={field}
        type="file"
        accept=".apkg,.colpkg,.csv,.tsv,.txt,application/zip,text/csv,text/plain"
        disabled={busy}
        aria-disabled={sending}
        aria-invalid={problem !== ""}
        aria-describedby={`${field}-note`}
        onChange={send}
        className="w-full min-h-11 px-3.5 py-2 rounded-[10px] bg-bg text-ink text-[16px] border border-edge aria-invalid:border-acct disabled:opacity-60 file:mr-3 file:rounded-lg file:border-0 file:bg-card2 file:px-3 file:py-1.5 file:text-ink"
      />
      <p id={`${field}-note`} role="status" className="mt-1.5 min-h-5 text-[14px] text-ink2">
        {sending && (percent < 100 ? `Sending: ${percent} %` : "It is here. Keeping it…")}
        {!sending && problem && <span className="text-acct-ink">{problem}</span>}
      </p>
    </div>
  );
}
