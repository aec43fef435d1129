// Shows Markdown as it is meant: lists, tables, code, bold, formulas. Tags of HTML stay text, so
// nothing that somebody typed becomes part of the page.
import ReactMarkdown from "react-markdown";
import remarkGfm from "remark-gfm";
import { useState } from "react";
import { CodeBlock, CodePhrase } from "./code.jsx";
import { Formula } from "./formula.jsx";

/* HTML is no part of it, so Markdown beside a tag still works; and words that were moved in
   are not code: that has its fences. */
function remarkPlain() {
  const data = this.data();
  data.micromarkExtensions ??= [];
  data.micromarkExtensions.push({
    disable: { null: ["htmlFlow", "htmlText", "codeIndented"] },
  });
}

// One tilde stays a tilde: "~5 to ~10" strikes nothing out.
const PLUGINS = [[remarkGfm, { singleTilde: false }], remarkPlain];
const AWAY = { target: "_blank", rel: "noopener noreferrer nofollow" };

/* Where a picture or a sound of the student's own comes from. */
export const addressOf = (name) => `/api/v1/media/${encodeURIComponent(name)}`;

/* The name of an own picture; empty for one that lies elsewhere. */
function nameOf(src) {
  if (!src || /^([a-z][a-z0-9+.-]*:|\/|#)/i.test(src)) return "";
  try {
    return decodeURIComponent(src);
  } catch {
    return src;
  }
}

// As gaps.py reads them: a gap ends at the first }} that no third brace follows.
const GAP = /\{\{c([1-9][0-9]{0,2})::(.*?)\}\}(?!\})/gs;
const SOUND = /\[sound:([^\]\n]{1,300})\]/g;
// Code is shown as it is, and so is what stands in it.
const CODE = /(^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\2[`~]*[ \t]*$|(?![\s\S]))|(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\3(?!`))/gm;
// Letters that no text has. They carry the places of gaps through the parser.
const [BLANK, OPEN, CLOSE, ALOUD, SILENT] = ["\uE000", "\uE001", "\uE002", "\uE003", "\uE004"];
const TEX = "\uE005";
const MARKS = /(\uE000[^\uE000]*\uE000|\uE003[^\uE004]*\uE004|\uE005[0-9]+\uE005|[\uE001\uE002])/;
const EVERY_MARK = /[\uE000-\uE005]/g;
// A formula as TeX and Anki write it. One dollar is one only beside what is no blank, and not
// before a digit: "from $5 to $10" is money.
const FORMULA =
  /\\\[([^]+?)\\\]|\\\(([^]+?)\\\)|(?<!\\)\$\$([^]+?)\$\$|(?<![\\$\w])\$(?![\s$])((?:\\[^\n]|[^$\\\n])*)(?<!\s)\$(?![\d$])/g;

const element = (tagName, properties = {}, children = []) => ({
  type: "element",
  tagName,
  properties,
  children,
});
const words = (value) => ({ type: "text", value });
const blank = (hint) =>
  element(
    "span",
    {
      className: ["tint", "rounded-md", "px-2"],
      role: "img",
      ariaLabel: hint ? `blank, hint: ${hint}` : "blank",
    },
    [words(hint ? `[${hint}]` : "[...]")],
  );
const sound = (name) =>
  element("audio", { controls: true, preload: "none", src: addressOf(name), title: name });
const filled = (node) =>
  element("mark", { className: ["tint", "rounded-md", "px-1.5", "font-semibold"] }, [node]);

/* Line ends of a paragraph are meant; those between two blocks are the parser's own. */
function lines(value, isCode) {
  if (isCode || !value.trim()) return [words(value)];
  return value
    .split("\n")
    .flatMap((line, index) => (index ? [element("br"), words(line)] : [words(line)]));
}

/* Puts gaps, filled gaps and line ends where their marks stand. */
function rehypePlaces(formulas) {
  return (tree) => {
    let isInside = false;
    const piece = (part, isCode) => {
      if (part.startsWith(BLANK)) return [blank(decodeURIComponent(part.slice(1, -1)))];
      if (part.startsWith(ALOUD)) return [sound(decodeURIComponent(part.slice(1, -1)))];
      if (part.startsWith(TEX)) {
        const formula = element("x-formula", formulas[Number(part.slice(1, -1))]);
        return [isInside ? filled(formula) : formula];
      }
      if (part === OPEN || part === CLOSE) {
        isInside = part === OPEN;
        return [];
      }
      if (!part) return [];
      const nodes = lines(part, isCode);
      return isInside ? nodes.map((one) => (one.type === "text" ? filled(one) : one)) : nodes;
    };
    const walk = (node, isCode) => {
      node.children = node.children.flatMap((child) => {
        if (child.type === "text" || child.type === "raw") {
          return child.value.split(MARKS).flatMap((part) => piece(part, isCode));
        }
        if (child.children) walk(child, isCode || child.tagName === "pre");
        return [child];
      });
    };
    walk(tree, false);
  };
}

/* Each block goes in the direction of its own words. */
const directed =
  (Tag, className) =>
  ({ children, start }) => (
    <Tag dir="auto" className={className} start={start}>
      {children}
    </Tag>
  );

/* Only what leads to a site or a mailbox is a link; anything else is its words. */
const LEADS = /^(https?:\/\/|mailto:)/i;
const link = ({ href, children }) =>
  LEADS.test(href ?? "") ? (
    <a href={href} {...AWAY}>
      {children}
    </a>
  ) : (
    <>{children}</>
  );
// A picture elsewhere would tell that host who reads.
const BLOCKS = {
  ...Object.fromEntries(
    ["p", "ul", "ol", "table", "blockquote"].map((name) => [name, directed(name)]),
  ),
  a: link,
  pre: CodeBlock,
  "x-formula": Formula,
  img: ({ src, alt }) => link({ href: src, children: alt || "Picture" }),
  h1: directed("h3"),
  h2: directed("h4"),
  h3: directed("h5"),
};

/* A picture of the student's own; one that is gone leaves its words. */
function Picture({ src, alt }) {
  const [broken, setBroken] = useState("");
  const name = nameOf(src);
  if (!name) return link({ href: src, children: alt || "Picture" });
  if (broken === name) return <span className="text-ink2">{`Picture: ${alt || name}`}</span>;
  return (
    <img
      src={addressOf(name)}
      alt={alt || ""}
      className="inline-block max-w-full h-auto max-h-[60dvh] rounded-lg"
      onError={() => setBroken(name)}
    />
  );
}
const CARDS = { ...BLOCKS, img: Picture };

/* Inside a button only words may stand: the same look, made of spans. */
const asSpan = (className) => ({ children }) => <span className={className}>{children}</span>;
const asBlock = (className) => directed("span", `block ${className}`);
const heading = asBlock("font-semibold");
const HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"].map((name) => [name, heading]);
const PHRASES = {
  ...Object.fromEntries(HEADINGS),
  "x-formula": Formula,
  p: asBlock(""),
  section: asSpan("block"),
  ul: asBlock("ps-[1.4em] list-disc"),
  ol: asBlock("ps-[1.4em] list-decimal"),
  li: asSpan("list-item"),
  blockquote: asBlock("border-s-[3px] border-hue ps-3"),
  pre: CodePhrase,
  table: asSpan("table"),
  thead: asSpan("table-header-group font-semibold"),
  tbody: asSpan("table-row-group"),
  tr: asSpan("table-row"),
  th: asSpan("table-cell border border-hairline2 px-2 py-0.5"),
  td: asSpan("table-cell border border-hairline2 px-2 py-0.5"),
  hr: () => <span className="block border-t border-hairline2" />,
  a: ({ href, children }) => (
    <span className={LEADS.test(href ?? "") ? "underline underline-offset-4" : ""}>{children}</span>
  ),
  img: ({ alt }) => alt || "Picture",
  input: ({ checked }) => (checked ? "☑" : "☐"),
};

/* The gaps of a text: number, words, hint; those without words are none. */
export function gapsOf(text) {
  return [...(text ?? "").matchAll(GAP)]
    .map((found) => {
      const [hidden, ...hint] = found[2].split("::");
      return { number: Number(found[1]), words: hidden, hint: hint.join("::").trim() };
    })
    .filter((one) => one.words.trim());
}

/* Which gap a card asks: the first where it has no number of its own. */
export const askedOf = (text, ordinal) =>
  ordinal || Math.min(...gapsOf(text).map((one) => one.number));

function withGaps(text, gap, asked) {
  if (!gap) return text;
  return text.replace(GAP, (whole, number, inside) => {
    const [hidden, ...rest] = inside.split("::");
    if (!hidden.trim()) return whole;
    if (gap !== "blanks" && Number(number) !== asked) return hidden;
    if (gap === "filled") return `${OPEN}${hidden}${CLOSE}`;
    return `${BLANK}${encodeURIComponent(rest.join("::").trim())}${BLANK}`;
  });
}

/* Does something to a text, but not to the code in it. */
function besideCode(text, change) {
  let end = 0;
  let done = "";
  for (const found of text.matchAll(CODE)) {
    done += change(text.slice(end, found.index)) + found[0];
    end = found.index + found[0].length;
  }
  return done + change(text.slice(end));
}

const withSounds = (text) =>
  text.replace(SOUND, (_, name) => `${ALOUD}${encodeURIComponent(name)}${SILENT}`);

/* Puts numbers where formulas stand, and these into a list. */
const withFormulas = (text, formulas) =>
  text.replace(FORMULA, (source, bracketed, round, dollars, dollar) => {
    const tex = bracketed ?? round ?? dollars ?? dollar;
    formulas.push({ tex: framed(tex), wide: (bracketed ?? dollars) !== undefined, source: bare(source) });
    return `${TEX}${formulas.length - 1}${TEX}`;
  });

/* A gap inside of a formula is a frame: with dots, with its hint, or around what was hidden. */
const framed = (tex) =>
  tex
    .replace(/\uE000([^\uE000]*)\uE000/g, (_, hint) => {
      const plain = decodeURIComponent(hint).replace(/[\\{}$%#&_^~]/g, " ").trim();
      return `\\boxed{${plain ? `\\text{${plain}}` : "\\ldots"}}`;
    })
    .replaceAll(OPEN, "\\boxed{")
    .replaceAll(CLOSE, "}");
const bare = (source) => source.replace(/\uE000[^\uE000]*\uE000/g, "[...]").replace(EVERY_MARK, "");

function marked(text, { gap, asked, media }) {
  const plain = (text ?? "").replace(EVERY_MARK, "");
  const gapped = withGaps(plain, gap, askedOf(plain, asked));
  const formulas = [];
  const change = (part) => withFormulas(media ? withSounds(part) : part, formulas);
  return { source: besideCode(gapped, change), formulas };
}

/* `gap`: what stands at the gap {{c1::words::hint}} that is `asked` (its number; 0: the first):
   a "blank" with its hint, or the words marked ("filled"); other gaps are filled. With
   "blanks" every gap is one.
   `phrase`: it stands inside a button or a link. `media`: the student's own pictures and
   sounds are shown. */
export function Written({
  text,
  gap = "",
  asked = 0,
  media = false,
  phrase = false,
  className = "",
}) {
  const Around = phrase ? "span" : "div";
  const { source, formulas } = marked(text, { gap, asked, media });
  return (
    <Around
      className={`written min-w-0 max-w-full [&_:is(ul,ol)]:ps-[1.4em] ${phrase ? "block" : ""} ${className}`}
    >
      <ReactMarkdown
        remarkPlugins={PLUGINS}
        rehypePlugins={[[rehypePlaces, formulas]]}
        components={phrase ? PHRASES : media ? CARDS : BLOCKS}
      >
        {source}
      </ReactMarkdown>
    </Around>
  );
}
