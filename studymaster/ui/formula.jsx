// A formula, drawn by KaTeX. What draws it comes with the first one that is seen.
import { useEffect, useState } from "react";

let katex = null;
let coming = null;

function fetchKatex() {
  coming ??= Promise.all([import("katex"), import("katex/dist/katex.min.css")]).then(
    ([found]) => {
      katex = found.default ?? found;
    },
    (problem) => {
      coming = null; // the next formula asks again
      throw problem;
    },
  );
  return coming;
}

// Nothing in a formula may lead away, load a picture or run: it is drawn, or it is text.
const SETTINGS = { throwOnError: true, trust: false, strict: "ignore", maxSize: 20, maxExpand: 500 };

function draw(tex, wide) {
  try {
    return katex.renderToString(tex, { ...SETTINGS, displayMode: wide });
  } catch {
    return "";
  }
}

/* `tex` is what is drawn, `source` what was typed; a `wide` one has a line of its own. */
export function Formula({ tex, source, wide = false }) {
  const [state, setState] = useState(katex ? "here" : "coming");
  useEffect(() => {
    if (katex) {
      setState("here");
      return undefined;
    }
    let isSeen = true;
    const tell = (now) => isSeen && setState(now);
    fetchKatex().then(
      () => tell("here"),
      () => tell("away"),
    );
    return () => {
      isSeen = false;
    };
  }, []);
  const drawn = state === "here" ? draw(tex, wide) : "";
  if (drawn) {
    return (
      <span
        dir="ltr"
        className={wide ? "block max-w-full overflow-x-auto overflow-y-hidden py-1" : ""}
        dangerouslySetInnerHTML={{ __html: drawn }}
      />
    );
  }
  const said = { here: " (this formula cannot be read)", away: " (formulas cannot be drawn now)" };
  return (
    <span dir="ltr" className={wide ? "block" : ""}>
      <code>{source}</code>
      <span className="text-[0.8em] text-ink2">{said[state] ?? ""}</span>
    </span>
  );
}
