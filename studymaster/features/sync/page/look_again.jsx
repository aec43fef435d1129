// Asks again every so many seconds while the page is looked at, and when it is again.
import { useEffect, useRef } from "react";

export function LookAgain({ seconds, onLook }) {
  const ask = useRef(onLook);
  ask.current = onLook;

  useEffect(() => {
    const look = () => {
      if (!document.hidden) ask.current();
    };
    const timer = setInterval(look, seconds * 1000);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [seconds]);

  return null;
}
