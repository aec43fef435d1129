// Brings a part of a page into sight when an address names it: the part is drawn only after
// the browser has looked for it.
import { useEffect } from "react";
import { useLocation } from "react-router";

export function Landing({ place }) {
  const { hash, key } = useLocation();

  useEffect(() => {
    if (hash !== `#${place}`) return;
    const part = document.getElementById(place);
    part?.scrollIntoView();
    part?.focus({ preventScroll: true });
  }, [hash, key, place]);

  return null;
}
