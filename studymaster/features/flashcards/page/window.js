// What a table of many rows knows in the browser: the rows that came, and which are chosen.
import { useEffect, useRef, useState } from "react";

export const BLOCK = 100;
const MOST_KEPT = 4_000;
const LATE_MS = 3_000;

/* Keeps the rows of every window that came, by their place, until `stamp` makes them void. */
export function useKnown({ rows, first, stamp }) {
  const kept = useRef({ stamp: null, rows: new Map() });
  if (kept.current.stamp !== stamp) kept.current = { stamp, rows: new Map() };
  const known = kept.current.rows;
  if (known.size > MOST_KEPT) {
    for (const at of known.keys()) if (Math.abs(at - first) > MOST_KEPT / 4) known.delete(at);
  }
  rows.forEach((row, at) => known.set(first + at, row));
  return known;
}

/* Asks for the window of the first place in sight that is not known; one after the other. */
export function useWindows({ places, known, stamp, total, onWindow }) {
  const asked = useRef({ block: -1, stamp: null, at: 0 });
  const [, again] = useState(0);
  const missing = places.find((place) => place < total && !known.has(place));
  useEffect(() => {
    if (missing === undefined) return undefined;
    const block = Math.floor(missing / BLOCK) * BLOCK;
    const { current } = asked;
    const here = known.has(current.block) || current.block >= total;
    const isWaiting = current.stamp === stamp && !here && Date.now() - current.at < LATE_MS;
    if (!isWaiting) {
      asked.current = { block, stamp, at: Date.now() };
      onWindow(block);
    }
    // Should the answer never come, it is asked once more.
    const timer = setTimeout(() => again((count) => count + 1), LATE_MS);
    return () => clearTimeout(timer);
  });
}

const numbers = (one, two) =>
  Array.from({ length: Math.abs(one - two) + 1 }, (_, at) => Math.min(one, two) + at);

/* Which rows are chosen: those of `ids`, or with `everything` all but them. */
export function useChoice({ known, picked, pick, allFound, most, onChoose, onBetween }) {
  const [choice, setChoice] = useState({ ids: new Set(picked), everything: allFound });
  const anchor = useRef({ place: 0, ids: new Set() });
  useEffect(() => setChoice({ ids: new Set(picked), everything: allFound }), [pick]);

  const tell = (ids, everything) => {
    onChoose([...ids], everything);
    if (ids.size <= most) setChoice({ ids, everything });
  };
  const has = (id) => choice.ids.has(id) !== choice.everything;
  const anchorAt = (place, ids = choice.ids) => {
    anchor.current = { place, ids: new Set(ids) };
  };
  const toggle = (place) => {
    const row = known.get(place);
    if (!row) return;
    const ids = new Set(choice.ids);
    if (!ids.delete(row.id)) ids.add(row.id);
    anchorAt(place, ids);
    tell(ids, choice.everything);
  };
  const upTo = (place) => {
    if (choice.everything) return;
    const between = numbers(anchor.current.place, place);
    const rows = between.map((one) => known.get(one));
    if (rows.every(Boolean)) tell(new Set([...anchor.current.ids, ...rows.map((row) => row.id)]), false);
    else onBetween(anchor.current.place, place);
  };
  return {
    has,
    toggle,
    upTo,
    anchorAt,
    all: () => tell(new Set(), true),
    none: () => tell(new Set(), false),
  };
}

/* A wish of this browser, such as which columns it shows. */
export function useRemembered(name, otherwise) {
  const [value, setValue] = useState(otherwise);
  useEffect(() => {
    try {
      setValue(JSON.parse(localStorage.getItem(name)) ?? otherwise);
    } catch {
      // Nothing is remembered: then it is as for everybody.
    }
  }, [name]);
  const remember = (next) => {
    setValue(next);
    try {
      localStorage.setItem(name, JSON.stringify(next));
    } catch {
      // No room or none allowed: then it lasts as long as the page.
    }
  };
  return [value, remember];
}
