// Says that nothing reaches the server, in the flow above the page: at once when the browser
// knows that it is offline, and after a second failed attempt when only the server is silent.
import { useEffect, useState } from "react";

export function ConnectionBar({ lost, offline, silent, children }) {
  const [online, setOnline] = useState(true);

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

  return (
    <div role="status" className="sticky z-50 top-0">
      {(lost || !online) && (
        <p className="connection-bar flex items-center justify-center gap-2.5 px-4 py-2 md:h-10 bg-card2 border-b border-hairline2 text-ink text-[13px]">
          {children}
          {online ? silent : offline}
        </p>
      )}
    </div>
  );
}
