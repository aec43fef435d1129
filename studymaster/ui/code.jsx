// A block of code in the colours of its language. What colours it comes with the first one seen.
import { useEffect, useState } from "react";
import { cutRuns, piecesOf } from "./runs.js";

// Longer ones would hold the page up while they are read.
const MOST_LETTERS = 20_000;

let grammars = null;
let coming = null;

function fetchGrammars() {
  coming ??= import("./grammars.js").then(
    (found) => {
      grammars = found.grammars;
    },
    (problem) => {
      coming = null; // the next block asks again
      throw problem;
    },
  );
  return coming;
}

const NAMED = /^ {0,3}(?:```|~~~)[ \t]*[\w+#-]/m;

/* Has the colours there before a text is shown that wants them. */
export function prepareCode(text) {
  if (!grammars && NAMED.test(text ?? "")) fetchGrammars().catch(() => {});
}

/* Tells whether the colours are there; asks for them where they are wanted. */
function useGrammars(isWanted) {
  const [, setIsHere] = useState(Boolean(grammars));
  useEffect(() => {
    if (!isWanted || grammars) return undefined;
    let isSeen = true;
    fetchGrammars().then(
      () => isSeen && setIsHere(true),
      () => {}, // then it stays as it was written
    );
    return () => {
      isSeen = false;
    };
  }, [isWanted]);
  return isWanted && Boolean(grammars);
}

/* The language after the fence; without one nothing is guessed. */
const languageOf = (code) =>
  [...(code?.properties?.className ?? [])]
    .find((name) => String(name).startsWith("language-"))
    ?.slice("language-".length)
    .toLowerCase() ?? "";

function coloured(code, language) {
  const pieces = piecesOf(code);
  const source = pieces.map(([letters]) => letters).join("");
  if (source.length > MOST_LETTERS || !grammars.registered(language)) return null;
  const tree = grammars.highlight(language, source, { prefix: "code-" });
  return cutRuns(tree, pieces).map((runs, index) => {
    const around = pieces[index][1];
    if (around && around.tagName !== "mark") {
      const { ariaLabel, role, className } = around.properties;
      return (
        <span key={index} role={role} aria-label={ariaLabel} className={className.join(" ")}>
          {around.children.map((one) => one.value).join("")}
        </span>
      );
    }
    const words = runs.map(([letters, look], at) =>
      look ? (
        <span key={at} className={look}>
          {letters}
        </span>
      ) : (
        letters
      ),
    );
    return around ? (
      <mark key={index} className={around.properties.className.join(" ")}>
        {words}
      </mark>
    ) : (
      words
    );
  });
}

/* What stands in a block of code, coloured as soon as it can be. */
function Words({ code, children }) {
  const language = languageOf(code);
  const isHere = useGrammars(language !== "");
  const found = isHere ? coloured(code, language) : null;
  return found ? <code dir="ltr">{found}</code> : children;
}

const codeIn = (node) => node?.children?.find((child) => child.tagName === "code");

/* A block of its own: long lines are scrolled to inside it, by keys too. */
export function CodeBlock({ node, children }) {
  const code = codeIn(node);
  const language = languageOf(code);
  return (
    <pre
      dir="ltr"
      tabIndex={0}
      role="region"
      aria-label={language ? `Code in ${language}` : "Code"}
    >
      <Words code={code}>{children}</Words>
    </pre>
  );
}

/* Inside a button: the same colours, and lines that break, since nothing can be scrolled there. */
export function CodePhrase({ node, children }) {
  return (
    <span dir="ltr" className="code-phrase block whitespace-pre-wrap">
      <Words code={codeIn(node)}>{children}</Words>
    </span>
  );
}
