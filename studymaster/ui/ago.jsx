// Says how long ago a moment was, and keeps saying it truly while the page stays open.
import { useEffect, useState } from "react";

const EVERY_MS = 30_000;
const UNITS = [
  [86_400, "day", "days"],
  [3_600, "h", "h"],
  [60, "min", "min"],
];

function words(moment, now) {
  const seconds = Math.max(0, (now - Date.parse(moment)) / 1000);
  for (const [size, one, many] of UNITS) {
    const count = Math.floor(seconds / size);
    if (count >= 1) return `${count} ${count === 1 ? one : many} ago`;
  }
  return "just now";
}

export function Ago({ moment }) {
  const [now, setNow] = useState(null);

  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), EVERY_MS);
    return () => clearInterval(timer);
  }, [moment]);

  if (!moment || now === null) return null;
  return <time dateTime={moment}>{words(moment, now)}</time>;
}
