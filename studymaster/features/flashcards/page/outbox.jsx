// Answers on their way: they are kept in the browser until the server has confirmed them.
import { useCallback, useEffect, useRef, useState } from "react";

const OUTBOX = "studymaster.answers.";
const LATE_AFTER_MS = 4000;
const LATEST_RETRY_MS = 60_000;

// What one answer is called. Where a page is not served over https, there is no randomUUID.
export const newName = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

export const keyOf = (card) => `${card.id}:${card.turn}`;
export const keyOfAnswer = (answer) => `${answer.card_id}:${answer.turn}`;

const isAnswer = (one) =>
  typeof one?.card_id === "string" &&
  [one.turn, one.grade, one.elapsed_ms].every(Number.isInteger);

/* What waits in this browser; null where the browser keeps nothing (private windows). */
function readOutbox(name) {
  try {
    const kept = JSON.parse(localStorage.getItem(name) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isAnswer) : [];
  } catch {
    return null;
  }
}

function writeOutbox(name, answers) {
  try {
    if (answers.length) localStorage.setItem(name, JSON.stringify(answers));
    else localStorage.removeItem(name);
  } catch {
    // Then the answers live as long as the tab.
  }
}

/* Answers that the server has not confirmed. They outlive a reload and a closed tab, and all
   tabs of one student share them. */
export function useOutbox(outbox, settled) {
  const name = OUTBOX + outbox;
  const [answers, setAnswers] = useState(() => readOutbox(name) ?? []);
  const held = useRef(answers);
  const change = useCallback(
    (edit) => {
      held.current = edit(readOutbox(name) ?? held.current);
      writeOutbox(name, held.current);
      setAnswers(held.current);
    },
    [name],
  );
  useEffect(() => {
    const done = new Set(settled);
    const isDone = (answer) => done.has(keyOfAnswer(answer));
    if (held.current.some(isDone)) change((all) => all.filter((one) => !isDone(one)));
  }, [settled, change]);
  useEffect(() => {
    const hear = (event) => {
      if (event.key === name) change((all) => all);
    };
    window.addEventListener("storage", hear);
    return () => window.removeEventListener("storage", hear);
  }, [name, change]);
  const add = (answer) => change((all) => [...all, answer]);
  const drop = (key) => change((all) => all.filter((one) => keyOfAnswer(one) !== key));
  return [answers, add, drop];
}

/* Sends waiting answers again, at first soon, then more rarely; tells whether they are late. */
export function useResending(answers, onResend) {
  const [late, setLate] = useState(false);
  const latest = useRef({});
  latest.current = { answers, onResend };
  const oldest = answers.length ? keyOfAnswer(answers[0]) : "";
  useEffect(() => {
    if (latest.current.answers.length) latest.current.onResend(latest.current.answers);
  }, []);
  useEffect(() => {
    setLate(Boolean(oldest) && !navigator.onLine);
    if (!oldest) return undefined;
    let wait = LATE_AFTER_MS;
    let timer = null;
    const again = () => {
      setLate(true);
      if (navigator.onLine) latest.current.onResend(latest.current.answers);
      wait = Math.min(2 * wait, LATEST_RETRY_MS);
      clearTimeout(timer);
      timer = setTimeout(again, wait);
    };
    const notice = () => setLate(true);
    timer = setTimeout(again, wait);
    window.addEventListener("online", again);
    window.addEventListener("offline", notice);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("online", again);
      window.removeEventListener("offline", notice);
    };
  }, [oldest]);
  return late;
}
