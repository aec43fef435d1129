// Says that something does not answer, in the flow above the page: at once when the browser
// knows that it is offline, after a second failed attempt when only the server is silent, and
// when a part behind it is away: the server says so, or what a page shows does not come.
import { useEffect, useRef, useState } from "react";

// For what waits to be sent: "studymaster:back" is told once everything answers again.
const BACK = "studymaster:back";
const LATE_MS = 5000;

export function ConnectionBar({
  lost,
  away,
  drawn,
  offline,
  silent,
  partAway,
  children,
}) {
  const [online, setOnline] = useState(true);
  const [late, setLate] = useState(false);
  const wasAway = useRef(false);

  useEffect(() => {
    if (drawn) return setLate(false);
    const timer = setTimeout(() => setLate(true), LATE_MS);
    return () => clearTimeout(timer);
  }, [drawn]);

  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    look();
    window.addEventListener("online", look);
    window.addEventListener("offline", look);
    return () => {
      window.removeEventListener("online", look);
      window.removeEventListener("offline", look);
    };
  }, []);

  useEffect(() => {
    if (wasAway.current && !away) {
      // A page that began meanwhile never got what it shows.
      if (drawn) window.dispatchEvent(new Event(BACK));
      else window.location.reload();
    }
    wasAway.current = away;
  }, [away, drawn]);

  const said = !online ? offline : lost ? silent : away || late ? partAway : "";
  return (
    <div role="status" className="sticky z-50 top-0">
      {said && (
        <p className="connection-bar flex items-center justify-center gap-2.5 px-4 py-2 md:h-10 bg-card2 border-b border-hairline2 text-ink text-[13px]">
          {children}
          {said}
        </p>
      )}
    </div>
  );
}
