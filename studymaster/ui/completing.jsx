// Tells the browser what it may fill into a field, which follows another field of its form:
// a password that is being chosen is not the one that it keeps.
import { useEffect, useRef } from "react";

export function Completing({ field, by, kinds, otherwise }) {
  const mark = useRef(null);

  useEffect(() => {
    const { form } = mark.current;
    const follow = () => {
      const chosen = form.elements.namedItem(by).value;
      form.elements.namedItem(field).autocomplete = kinds[chosen] ?? otherwise;
    };
    follow();
    form.addEventListener("change", follow);
    return () => form.removeEventListener("change", follow);
  }, [field, by, kinds, otherwise]);

  return <input ref={mark} type="hidden" disabled />;
}
