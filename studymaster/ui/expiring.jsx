// Runs onExpire once its content has been left alone for `after` ms, and with `untilPressed`
// also soon after something else was pressed: long enough to see whether it went wrong again.
// Then it is an error: whoever waits for an answer hears of it as "studymaster:refused".
import { useEffect, useRef, useState } from "react";

const ANSWERED_MS = 1_200;
const PRESSED = "button, a, summary, input[type=submit], [role=button]";

export function Expiring({ after, untilPressed, onExpire, className, children }) {
  const [held, setHeld] = useState(false);
  const expire = useRef(onExpire);
  expire.current = onExpire;
  const box = useRef(null);

  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => expire.current(), after);
    return () => clearTimeout(timer);
  }, [held, after]);

  useEffect(() => {
    if (untilPressed) window.dispatchEvent(new Event("studymaster:refused"));
  }, [untilPressed]);

  useEffect(() => {
    if (!untilPressed) return undefined;
    let timer = 0;
    const press = ({ type, target }) => {
      if (box.current?.contains(target)) return;
      if (type !== "submit" && !target.closest?.(PRESSED)) return;
      clearTimeout(timer);
      timer = setTimeout(() => expire.current(), ANSWERED_MS);
    };
    document.addEventListener("click", press, true);
    document.addEventListener("submit", press, true);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("click", press, true);
      document.removeEventListener("submit", press, true);
    };
  }, [untilPressed]);

  const hold = () => setHeld(true);
  const release = () => setHeld(false);
  return (
    <div
      ref={box}
      className={className}
      onMouseEnter={hold}
      onMouseLeave={release}
      onFocus={hold}
      onBlur={release}
    >
      {children}
    </div>
  );
}
