// Formulas and code as words, for reading a card aloud. Nothing is guessed: a formula with a
// part that has no words here is called a formula.

const NAMES = {
  en: ["formula", "code"],
  de: ["Formel", "Code"],
  es: ["fórmula", "código"],
  it: ["formula", "codice"],
};
const GREEK =
  "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi omega";
const COMMANDS = {
  ...Object.fromEntries(
    GREEK.split(" ").flatMap((name) => [
      [name, name],
      [name[0].toUpperCase() + name.slice(1), `capital ${name}`],
    ]),
  ),
  varepsilon: "epsilon",
  varphi: "phi",
  cdot: "times",
  times: "times",
  div: "divided by",
  pm: "plus or minus",
  le: "is at most",
  leq: "is at most",
  ge: "is at least",
  geq: "is at least",
  ne: "is not",
  neq: "is not",
  approx: "is about",
  equiv: "is equivalent to",
  propto: "is proportional to",
  to: "to",
  rightarrow: "to",
  Rightarrow: "implies",
  iff: "if and only if",
  infty: "infinity",
  in: "in",
  subset: "is a subset of",
  cup: "union",
  cap: "intersection",
  forall: "for all",
  exists: "there is",
  sum: "sum",
  prod: "product",
  int: "integral",
  lim: "limit",
  partial: "partial",
  nabla: "nabla",
  ldots: "and so on",
  dots: "and so on",
  cdots: "and so on",
  ...Object.fromEntries(["sin", "cos", "tan", "log", "exp", "max", "min", "det"].map((name) => [name, name])),
  ln: "natural logarithm",
  quad: "",
  left: "",
  right: "",
  displaystyle: "",
};
const SIGNS = {
  "+": "plus",
  "-": "minus",
  "−": "minus",
  "=": "equals",
  "<": "is less than",
  ">": "is greater than",
  "/": "over",
  "*": "times",
  "!": "factorial",
  "'": "prime",
  "…": "blank",
  "(": ",",
  ")": ",",
  "[": ",",
  "]": ",",
  ",": ",",
  "|": ",",
  ":": ",",
  ".": ",",
  "%": "percent",
};
const POWERS = { 2: "squared", 3: "cubed" };
const BIG = /(?:sum|product|integral|limit)$/;
const TOKEN = /\\([A-Za-z]+|[^A-Za-z])|([0-9]+(?:[.,][0-9]+)*)|([A-Za-zÀ-ÿ])|(\s+)|([^])/g;

class Unworded extends Error {}

function reader(tex) {
  const tokens = [...tex.matchAll(TOKEN)].filter((one) => one[4] === undefined);
  let at = 0;
  const peek = () => tokens[at]?.[0];
  const group = () => {
    if (at >= tokens.length) throw new Unworded();
    if (peek() !== "{") return one();
    at += 1;
    const words = until("}");
    at += 1;
    return words;
  };
  const plain = () => {
    // The words of \text{…} are letters of their own; blanks between them are gone, so by place.
    if (peek() !== "{") throw new Unworded();
    const from = tokens[at].index + 1;
    while (at < tokens.length && peek() !== "}") at += 1;
    if (at >= tokens.length) throw new Unworded();
    const words = tex.slice(from, tokens[at].index);
    at += 1;
    return words;
  };
  const command = (name) => {
    if (name === "frac" || name === "dfrac" || name === "tfrac") {
      const [above, below] = [group(), group()];
      return `${above} over ${below}`;
    }
    if (name === "sqrt") {
      if (peek() === "[") throw new Unworded();
      return `square root of ${group()}`;
    }
    if (["text", "mathrm", "operatorname"].includes(name)) return plain();
    if (["mathbf", "vec", "boxed", "mathbb"].includes(name)) return group();
    if (",;:! ".includes(name)) return "";
    if (name === "%") return "percent";
    if (!(name in COMMANDS)) throw new Unworded();
    return COMMANDS[name];
  };
  const one = () => {
    const [whole, name, digits, letter, , sign] = tokens[at];
    at += 1;
    if (name !== undefined) return command(name);
    if (digits ?? letter) return whole;
    if (sign === "{") {
      at -= 1;
      return group();
    }
    if (!(sign in SIGNS)) throw new Unworded();
    return SIGNS[sign];
  };
  const until = (end) => {
    const words = [];
    while (at < tokens.length && peek() !== end) {
      const sign = peek();
      if (sign !== "^" && sign !== "_") {
        words.push(one());
        continue;
      }
      at += 1;
      const big = BIG.test(words.findLast((word) => !/^(from|to) /.test(word)) ?? "");
      const inner = group();
      if (big) words.push(`${sign === "_" ? "from" : "to"} ${inner}`);
      else if (sign === "_") words.push(`sub ${inner}`);
      else words.push(POWERS[inner] ?? `to the power of ${inner}`);
    }
    if (end && at >= tokens.length) throw new Unworded();
    return words.filter(Boolean).join(" ");
  };
  return () => until("");
}

const namesIn = (language) => NAMES[(language || "en").slice(0, 2).toLowerCase()] ?? NAMES.en;

/* A formula in English words; in other languages, and where a part has none, what it is. */
export function wordsOfFormula(tex, language = "") {
  const [formula] = namesIn(language);
  if (language && !/^en/i.test(language)) return formula;
  try {
    const said = reader(tex)().replace(/\s*,(?:\s*,)*\s*/g, ", ").replace(/^[,\s]+|[,\s]+$/g, "");
    return said || formula;
  } catch (problem) {
    if (problem instanceof Unworded) return formula;
    throw problem;
  }
}

const FENCED = /^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\1[`~]*[ \t]*$|(?![\s\S]))/gm;
const FORMULA =
  /\\\[([^]+?)\\\]|\\\(([^]+?)\\\)|(?<!\\)\$\$([^]+?)\$\$|(?<![\\$\w])\$(?![\s$])((?:\\[^\n]|[^$\\\n])*)(?<!\s)\$(?![\d$])/g;

/* A text whose code and formulas are words; a pause stands on both sides of them. */
export function worded(text, language = "") {
  return text
    .replace(FENCED, `, ${namesIn(language)[1]}, `)
    .replace(FORMULA, (_, bracketed, round, dollars, dollar) =>
      ` ${wordsOfFormula(bracketed ?? round ?? dollars ?? dollar, language)} `,
    );
}
