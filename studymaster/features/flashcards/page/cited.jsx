// The page that a card cites, with its quote marked.
import { useEffect, useRef, useState } from "react";

// What was prepared while its card was still being thought about: a page that is decoded and
// its marks stand there with the answer, not after it.
const decoded = new Set();
const pictures = new Map();
const marked = new Map();
const MOST_PREPARED = 12;

function hold(map, key, value) {
  map.set(key, value);
  if (map.size > MOST_PREPARED) map.delete(map.keys().next().value);
  return value;
}

function fetchMarks(address, quote) {
  const key = `${address}?quote=${encodeURIComponent(quote)}`;
  if (marked.has(key)) return marked.get(key);
  const boxes = fetch(key).then((answer) => (answer.ok ? answer.json() : []));
  // The page can be read without its marks, and they are asked for again next time.
  boxes.catch(() => marked.delete(key));
  return hold(marked, key, boxes);
}

/* Fetches and decodes the page of a card that is about to turn, and its marks. */
export function prepare(source) {
  if (!source?.picture) return;
  if (!pictures.has(source.picture)) {
    const picture = hold(pictures, source.picture, new Image());
    picture.src = source.picture;
    picture.decode().then(
      () => decoded.add(source.picture),
      () => pictures.delete(source.picture),
    );
  }
  if (source.marks && source.quote) fetchMarks(source.marks, source.quote).catch(() => {});
}

function useMarks(address, quote) {
  const [found, setFound] = useState({ address: "", boxes: [] });
  useEffect(() => {
    if (!address || !quote) return undefined;
    let isMeant = true;
    fetchMarks(address, quote)
      .then((boxes) => isMeant && setFound({ address: address + quote, boxes }))
      .catch(() => {});
    return () => {
      isMeant = false;
    };
  }, [address, quote]);
  return found.address === address + quote ? found.boxes : [];
}

/* A page as a picture; the boxes of the quote are percent of its width and height. */
export function SourcePage({ picture, marks, quote, label, ahead }) {
  const [broken, setBroken] = useState("");
  const [seen, setSeen] = useState("");
  const boxes = useMarks(marks, quote);
  const first = useRef(null);
  const isSeen = seen === picture || decoded.has(picture);
  useEffect(() => {
    if (ahead) new Image().src = ahead;
  }, [ahead]);
  useEffect(() => {
    const mark = first.current;
    const frame = mark?.closest("[data-scroll]");
    if (!frame || !isSeen) return;
    const place = mark.getBoundingClientRect().top - frame.getBoundingClientRect().top;
    if (place < 0 || place > frame.clientHeight - 80) {
      frame.scrollTop += place - frame.clientHeight / 3;
    }
  }, [boxes, isSeen, picture]);
  if (broken === picture) {
    return (
      <p className="p-6 text-ink2">
        This page cannot be shown right now. The whole file may still open.
      </p>
    );
  }
  return (
    <div className="relative bg-paper rounded-[10px] overflow-hidden">
      {!isSeen && <div aria-hidden="true" className="skeleton absolute inset-0 min-h-72" />}
      <img
        key={picture}
        src={picture}
        alt={label}
        decoding={decoded.has(picture) ? "sync" : "auto"}
        className="block w-full h-auto min-h-40"
        onLoad={() => setSeen(picture)}
        onError={() => setBroken(picture)}
      />
      {isSeen &&
        boxes.map((box, index) => (
          <mark
            key={index}
            ref={index === 0 ? first : undefined}
            aria-hidden="true"
            data-quote-mark=""
            className="absolute rounded-[2px] bg-study/30 mix-blend-multiply"
            style={{
              left: `${box.left}%`,
              top: `${box.top}%`,
              width: `${box.width}%`,
              height: `${box.height}%`,
            }}
          />
        ))}
    </div>
  );
}

/* Where there is no picture: the words around the quote, on paper. */
function Excerpt({ source }) {
  return (
    <blockquote className="bg-paper text-paper-ink font-study text-[16px] leading-relaxed rounded-[10px] p-6 whitespace-pre-wrap">
      {source.before}
      <mark className="bg-study/30 text-paper-ink" data-quote-mark="">
        {source.quote}
      </mark>
      {source.after}
    </blockquote>
  );
}

function Cited({ source }) {
  if (source.picture) {
    return (
      <SourcePage
        picture={source.picture}
        marks={source.marks}
        quote={source.quote}
        label={`Page ${source.page} of ${source.name}.${source.quote && ` The card cites: ${source.quote}`}`}
      />
    );
  }
  return <Excerpt source={source} />;
}

export function SourceChip({ source }) {
  if (!source.name) return null;
  const words = `${source.name}${source.page ? ` · p. ${source.page}` : ""}`;
  const look = "inline-flex max-w-full items-center text-[12.5px] font-medium rounded-lg px-2.5 py-[3px] bg-card2 text-ink2";
  if (!source.file) return <span className={look}>{words}</span>;
  return (
    <a
      className="group inline-flex max-w-full min-h-11 items-center rounded-lg"
      href={source.picture ? `${source.file}#page=${source.page}` : source.file}
      target="_blank"
      rel="noreferrer"
    >
      <span className={`${look} group-hover:text-ink group-hover:underline underline-offset-4`}>
        <span className="truncate">{words}</span>
      </span>
    </a>
  );
}

/* The cited page: beside the card on a desk, folded below it on a phone. It would give the
   answer away, so it comes with the answer. */
export function Beside({ card, revealed }) {
  const { source } = card;
  const [wide, setWide] = useState(true);
  useEffect(() => {
    const query = window.matchMedia("(min-width: 1024px)");
    const read = () => setWide(query.matches);
    read();
    query.addEventListener("change", read);
    return () => query.removeEventListener("change", read);
  }, []);
  const place = source.page
    ? `page ${source.page}${source.page_count ? ` of ${source.page_count}` : ""}`
    : "";
  if (!wide) {
    if (!revealed) return null;
    return (
      <details className="surface p-0">
        <summary className="flex items-center justify-between gap-3 min-h-12 px-4 font-medium text-ink">
          <span className="truncate">The page it comes from</span>
          <span className="text-[13px] text-ink3 whitespace-nowrap">{place}</span>
        </summary>
        <div className="px-3 pb-3" data-scroll="">
          <Cited source={source} />
        </div>
      </details>
    );
  }
  return (
    <aside aria-label="Source" className="surface p-4 flex flex-col min-h-0">
      <div className="flex items-baseline justify-between gap-4 px-1.5 pb-3">
        <h2 className="text-[14.5px] font-semibold text-ink2 truncate">
          {source.name || "The cited words"}
        </h2>
        <p className="text-[13.5px] text-ink3 whitespace-nowrap">{place}</p>
      </div>
      {revealed ? (
        <div className="flex-1 min-h-0 overflow-y-auto rounded-[10px]" data-scroll="" tabIndex={0} role="group" aria-label="Cited page">
          <Cited source={source} />
        </div>
      ) : (
        <div className="flex-1 grid place-items-center rounded-[10px] border border-dashed border-hairline2">
          <p className="text-[14px] text-ink3 px-8 text-center">
            The page comes with the answer.
          </p>
        </div>
      )}
    </aside>
  );
}

/* The page beside the window in which its card is changed. */
export function EditedSource({ card, cards, leech }) {
  const one = cards.find(({ id }) => id === card) ?? (leech?.card_id === card ? leech : null);
  const source = card ? one?.source : null;
  if (!source?.picture && !source?.quote) return null;
  return (
    <section aria-label="Source" className="min-w-0 mt-3">
      <h3 className="mb-2 text-[14px] font-semibold text-ink2 truncate">
        {`${source.name || "The cited words"}${source.page ? ` · p. ${source.page}` : ""}`}
      </h3>
      <div
        className="max-h-[60dvh] overflow-y-auto rounded-[10px]"
        data-scroll=""
        tabIndex={0}
        role="group"
        aria-label="Cited page"
      >
        <Cited source={source} />
      </div>
    </section>
  );
}
