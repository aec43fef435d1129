// Shows Markdown as it is meant: lists, tables, code, bold. Tags of HTML stay text, so
// nothing that somebody typed becomes part of the page.
import ReactMarkdown from "react-markdown";
import remarkGfm from "remark-gfm";

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

const GAP = /\{\{c1::(.+?)\}\}/gs;
// Letters that no text has. They carry the places of gaps through the parser.
const [BLANK, OPEN, CLOSE] = ["\uE000", "\uE001", "\uE002"];
const MARKS = /([\uE000-\uE002])/;
const EVERY_MARK = /[\uE000-\uE002]/g;

const element = (tagName, properties = {}, children = []) => ({
  type: "element",
  tagName,
  properties,
  children,
});
const words = (value) => ({ type: "text", value });
const blank = () =>
  element("span", { className: ["tint", "rounded-md", "px-2"], role: "img", ariaLabel: "blank" }, [
    words("[...]"),
  ]);
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
function rehypePlaces() {
  return (tree) => {
    let isInside = false;
    const piece = (part, isCode) => {
      if (part === BLANK) return [blank()];
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
const PLACES = [rehypePlaces];

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
  img: ({ src, alt }) => link({ href: src, children: alt || "Picture" }),
  h1: directed("h3"),
  h2: directed("h4"),
  h3: directed("h5"),
};

/* Inside a button only words may stand: the same look, made of spans. */
const asSpan = (className) => ({ children }) => <span className={className}>{children}</span>;
const asBlock = (className) => directed("span", `block ${className}`);
const heading = asBlock("font-semibold");
const HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"].map((name) => [name, heading]);
const PHRASES = {
  ...Object.fromEntries(HEADINGS),
  p: asBlock(""),
  section: asSpan("block"),
  ul: asBlock("ps-[1.4em] list-disc"),
  ol: asBlock("ps-[1.4em] list-decimal"),
  li: asSpan("list-item"),
  blockquote: asBlock("border-s-[3px] border-hue ps-3"),
  pre: asSpan("block whitespace-pre-wrap"),
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

function marked(text, gap) {
  const plain = (text ?? "").replace(EVERY_MARK, "");
  if (gap === "blank") return plain.replace(GAP, BLANK);
  return gap === "filled" ? plain.replace(GAP, `${OPEN}$1${CLOSE}`) : plain;
}

/* `gap`: what stands at {{c1::words}}: a "blank", or the words marked ("filled").
   `phrase`: it stands inside a button or a link. */
export function Written({ text, gap = "", phrase = false, className = "" }) {
  const Around = phrase ? "span" : "div";
  return (
    <Around
      className={`written min-w-0 max-w-full [&_:is(ul,ol)]:ps-[1.4em] ${phrase ? "block" : ""} ${className}`}
    >
      <ReactMarkdown
        remarkPlugins={PLUGINS}
        rehypePlugins={PLACES}
        components={phrase ? PHRASES : BLOCKS}
      >
        {marked(text, gap)}
      </ReactMarkdown>
    </Around>
  );
}
