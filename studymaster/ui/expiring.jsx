// Runs onExpire once its content has been left alone for `after` ms; 0 means never.
import { useEffect, useRef, useState } from "react";

export function Expiring({ after, onExpire, className, children }) {
  const [held, setHeld] = useState(false);
  const expire = useRef(onExpire);
  expire.current = onExpire;

  useEffect(() => {
    if (held || !after) return undefined;
    const timer = setTimeout(() => expire.current(), after);
    return () => clearTimeout(timer);
  }, [held, after]);

  const hold = () => setHeld(true);
  const release = () => setHeld(false);
  return (
    <div
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
