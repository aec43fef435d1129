// An answer that is typed, and how it compares with the right one, letter by letter.
import { useEffect, useRef } from "react";

const MOST_LETTERS = 400;

const lettersOf = (text) => {
  const plain = (text ?? "").normalize("NFC").trim().replace(/\s+/gu, " ");
  if (typeof Intl.Segmenter !== "function") return [...plain];
  return Array.from(new Intl.Segmenter().segment(plain), ({ segment }) => segment);
};
const isSame = (one, other) => one.toLocaleLowerCase() === other.toLocaleLowerCase();

/* How many letters two texts have in common from each place on, in their order. */
function commonFrom(typed, wanted) {
  const rows = Array.from({ length: typed.length + 1 }, () => new Uint16Array(wanted.length + 1));
  for (let row = typed.length - 1; row >= 0; row -= 1) {
    for (let column = wanted.length - 1; column >= 0; column -= 1) {
      rows[row][column] = isSame(typed[row], wanted[column])
        ? rows[row + 1][column + 1] + 1
        : Math.max(rows[row + 1][column], rows[row][column + 1]);
    }
  }
  return rows;
}

function add(pieces, letter, fits) {
  const last = pieces.at(-1);
  if (last?.fits === fits) last.letters += letter;
  else pieces.push({ letters: letter, fits });
}

/* Both texts in pieces that fit and pieces that do not. */
export function compare(given, answer) {
  const typed = lettersOf(given).slice(0, MOST_LETTERS);
  const wanted = lettersOf(answer).slice(0, MOST_LETTERS);
  const common = commonFrom(typed, wanted);
  const [mine, right] = [[], []];
  let [row, column] = [0, 0];
  while (row < typed.length || column < wanted.length) {
    const isBoth = row < typed.length && column < wanted.length;
    if (isBoth && isSame(typed[row], wanted[column])) {
      add(mine, typed[row++], true);
      add(right, wanted[column++], true);
    } else if (column === wanted.length || (isBoth && common[row + 1][column] >= common[row][column + 1])) {
      add(mine, typed[row++], false);
    } else {
      add(right, wanted[column++], false);
    }
  }
  const isRight = [...mine, ...right].every((piece) => piece.fits) && typed.length > 0;
  return { mine, right, isRight };
}

const FITS = "line-campus tint rounded-[3px]";
const EXTRA = "line-acct tint rounded-[3px] line-through decoration-2";
const MISSED = "line-focus tint rounded-[3px] underline decoration-2 underline-offset-4";

function Pieces({ pieces, otherwise, language }) {
  return (
    <p dir="auto" lang={language || undefined} className="whitespace-pre-wrap break-words">
      {pieces.map(({ letters, fits }, index) => (
        <span key={index} className={fits ? FITS : otherwise}>
          {letters}
        </span>
      ))}
    </p>
  );
}

/* What was typed above what is right; a screen reader hears one sentence instead. */
export function Compared({ given, answer, language }) {
  const { mine, right, isRight } = compare(given, answer);
  const shown = given.trim();
  const said = shown
    ? `You wrote “${shown}”. The answer is “${answer}”.`
    : `You wrote nothing. The answer is “${answer}”.`;
  return (
    <div data-compared={isRight ? "right" : "wrong"} className="mb-5">
      <p className="sr-only">{isRight ? `Right: “${shown}”.` : said}</p>
      <div aria-hidden="true" className="flex flex-col gap-1.5 font-study text-[19px] md:text-[23px] leading-[1.5] text-ink">
        {shown && <Pieces pieces={mine} otherwise={EXTRA} language={language} />}
        {!isRight && <Pieces pieces={right} otherwise={MISSED} language={language} />}
      </div>
      {isRight && (
        <p aria-hidden="true" className="line-campus mt-1.5 text-[14px] font-semibold text-hue-ink">
          Right
        </p>
      )}
    </div>
  );
}

/* Enter shows the answer. */
export function TypedField({ words, onWords, onDone, language }) {
  const field = useRef(null);
  useEffect(() => field.current.focus({ preventScroll: true }), []);
  const send = (event) => {
    event.preventDefault();
    onDone();
  };
  return (
    <form onSubmit={send} className="mt-7">
      <label className="block">
        <span className="block mb-1.5 text-[14px] font-semibold text-ink">Your answer</span>
        <input
          ref={field}
          value={words}
          onChange={(event) => onWords(event.target.value)}
          maxLength={MOST_LETTERS}
          dir="auto"
          lang={language || undefined}
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="done"
          className="w-full min-h-12 px-3.5 py-2 rounded-[10px] bg-bg text-ink font-study text-[19px] border border-edge"
        />
      </label>
    </form>
  );
}
