// A card that is read aloud: its own sound where it has one, else the voice of the browser.
import { useCallback, useEffect, useState } from "react";
import { worded } from "./wording.js";

const GAP = /\{\{c\d+::(.*?)(?:::(.*?))?\}\}(?!\})/gs;
const PLAIN = [
  [/\$\$.*?\$\$/gs, " "],
  [/\\\(.*?\\\)|\\\[.*?\\\]/gs, " "],
  [/\$(?=\S)[^$\n]*?\S?\$/g, " "],
  [/\[sound:[^\]]*\]/g, " "],
  [/!?\[([^\]]*)\]\([^)]*\)/g, "$1"],
  [/^```.*$/gm, " "],
  [/^ {0,3}(?:#{1,6}|>|[-*+]|\d+[.)])\s+/gm, ""],
  [/^\s*\|?[\s:|-]+\|?\s*$/gm, " "],
  [/[*_~`|]+/g, " "],
  [/\s+/g, " "],
];

const filled = (text, isBlank) =>
  (text ?? "").replace(GAP, (_, words, hint) => (isBlank ? ` … ${hint ?? ""} ` : words));

/* The words of a side without Markdown, formulas and gaps; a blank is a pause. */
export function spoken(text, isBlank = false) {
  const whole = filled(text, isBlank);
  return PLAIN.reduce((words, [found, put]) => words.replace(found, put), whole).trim();
}

/* What a voice says of a side: its words, its formulas in words, and that code is code. */
export const readOut = (text, isBlank, language) =>
  spoken(worded(filled(text, isBlank), language));

/* A switch that the browser remembers. */
export function useKept(name, otherwise) {
  const [on, setOn] = useState(otherwise);
  useEffect(() => {
    try {
      const kept = localStorage.getItem(name);
      if (kept !== null) setOn(kept === "yes");
    } catch {
      // A browser that keeps nothing begins as everybody does.
    }
  }, [name]);
  const turn = useCallback(
    (next) => {
      setOn(next);
      try {
        localStorage.setItem(name, next ? "yes" : "no");
      } catch {
        // Then it lasts as long as the page.
      }
    },
    [name],
  );
  return [on, turn];
}

export function useVoice() {
  const [speaks, setSpeaks] = useState(false);
  useEffect(() => {
    setSpeaks(typeof window.speechSynthesis?.speak === "function");
    return () => window.speechSynthesis?.cancel();
  }, []);
  const say = useCallback((words, language) => {
    const voice = window.speechSynthesis;
    if (!voice) return;
    voice.cancel();
    if (!words) return;
    const speech = new SpeechSynthesisUtterance(words);
    if (language) speech.lang = language;
    voice.speak(speech);
  }, []);
  return [speaks, say];
}

/* Plays the first sound inside an element; tells whether there is one. */
export function playSound(place) {
  const sound = place?.querySelector("audio");
  if (!sound) return false;
  sound.currentTime = 0;
  // A browser that wants a press first leaves its play button there.
  sound.play().catch(() => {});
  return true;
}
