// Says whether this browser may show notifications while nobody looks at the tab, and asks.
import { useEffect, useState } from "react";

const WORDS = {
  asking:
    "Your browser asks you now. If it does not, allow notifications in its settings for this site.",
  granted: "This browser tells you what is new while the tab is in the background.",
  denied:
    "This browser blocks notifications of StudyMaster. Allow them in its settings for this site.",
  unanswered:
    "Your browser did not allow it. Press again, or allow notifications in its settings for this site.",
  missing: "This browser cannot show notifications. The bell tells you what is new.",
};

export function Permission({ button, className }) {
  const [state, setState] = useState("");

  useEffect(() => {
    setState("Notification" in window ? Notification.permission : "missing");
  }, []);

  const ask = async () => {
    setState("asking");
    const answer = await Notification.requestPermission();
    setState(answer === "default" ? "unanswered" : answer);
  };
  if (["default", "asking", "unanswered"].includes(state)) {
    return (
      <div className={className}>
        <button type="button" className={button} onClick={ask}>
          Let this browser tell me
        </button>
        <p className="mt-1.5 text-[13px] text-ink2">
          Only while StudyMaster is open in a tab that you do not look at.
        </p>
        <p role="status" className="mt-1.5 text-[13.5px] text-ink">
          {WORDS[state] ?? ""}
        </p>
      </div>
    );
  }
  return (
    <p role="status" className={`${className} text-[13.5px] text-ink2`}>
      {WORDS[state] ?? ""}
    </p>
  );
}
