// The table of cards: as many as there are, of which only those in sight are drawn. On a wide
// screen it is a grid for the keyboard, on a phone a list for the thumb.
import { ArrowDown, ArrowUp } from "lucide-react";
import { useVirtualizer, useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { useChoice, useKnown, useRemembered, useWindows } from "./window.js";

const ROW = 44;
const PHONE_ROW = 92;
const BEYOND = 20;
const WIDE = "(min-width: 768px)";
const WIDTHS = {
  front: "minmax(200px,2.2fr)",
  back: "minmax(150px,1.6fr)",
  deck: "minmax(96px,.8fr)",
  when: "128px",
  tags: "minmax(110px,.8fr)",
  source: "minmax(130px,1fr)",
};
const USUAL = ["front", "back", "deck", "when", "interval", "tags"];
const FIGURES = new Set(["interval", "ease", "stability", "difficulty", "answers", "lapses"]);
const OWN_FACE = { front: "font-study text-[16px] text-ink", back: "text-[14px] text-ink2" };
const SELECT = "min-h-11 px-3 rounded-xl bg-bg border border-edge text-[15px]";

const cellOf = (row, key) => (key === "tags" ? row.tags.map((tag) => `#${tag}`).join(" ") : row[key]);
const keyOf = (order) => order.replace(/^-/, "");
const idOf = (place) => `card-row-${place}`;

function useIsWide() {
  const [isWide, setWide] = useState(true);
  useEffect(() => {
    const query = window.matchMedia(WIDE);
    const read = () => setWide(query.matches);
    read();
    query.addEventListener("change", read);
    return () => query.removeEventListener("change", read);
  }, []);
  return isWide;
}

function Check({ row, choice, place, ...props }) {
  return (
    <input
      type="checkbox"
      checked={choice.has(row.id)}
      aria-label={`Choose ${row.front}`}
      onChange={() => {}}
      onClick={(event) => {
        event.stopPropagation();
        if (event.shiftKey) choice.upTo(place);
        else choice.toggle(place);
      }}
      className="size-5 accent-[var(--hue)]"
      {...props}
    />
  );
}

/* What stands where a row has not come yet. */
const Coming = () => <span className="skeleton block h-4 w-2/3 m-3" aria-hidden="true" />;

function Columns({ columns, shown, onShown }) {
  const chosen = new Set(shown);
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="relative" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit min-h-11 py-2.5 cursor-pointer text-[14px] font-semibold text-ink2">
        Columns
      </summary>
      {isOpen && <fieldset className="surface absolute right-0 z-20 p-3 grid gap-1 w-52 max-h-[60dvh] overflow-y-auto">
        <legend className="sr-only">Columns of the table</legend>
        {columns.map(({ key, label }) => (
          <label key={key} className="flex items-center gap-2.5 min-h-9 text-[14px]">
            <input
              type="checkbox"
              checked={chosen.has(key)}
              disabled={key === "front"}
              onChange={() =>
                onShown(
                  columns
                    .map((one) => one.key)
                    .filter((one) => (one === key ? !chosen.has(one) : chosen.has(one))),
                )
              }
              className="size-4 accent-[var(--hue)]"
            />
            {label}
          </label>
        ))}
      </fieldset>}
    </details>
  );
}

function Heads({ shown, labels, order, onOrder, template }) {
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="sticky top-0 z-10 grid bg-card2 text-[13px] font-semibold text-ink2 rounded-t-xl"
      style={{ gridTemplateColumns: template }}
    >
      <span role="columnheader" className="sr-only">
        Chosen
      </span>
      <span aria-hidden="true" />
      {shown.map((key) => {
        const isBy = keyOf(order) === key;
        const isDown = isBy && order.startsWith("-");
        const Arrow = isDown ? ArrowDown : ArrowUp;
        return (
          <span
            key={key}
            role="columnheader"
            aria-sort={isBy ? (isDown ? "descending" : "ascending") : "none"}
            className="min-w-0"
          >
            <button
              type="button"
              onClick={() => onOrder(isBy && !isDown ? `-${key}` : key)}
              className={`flex items-center gap-1 w-full min-h-11 px-2.5 hover:text-ink ${FIGURES.has(key) ? "justify-end" : ""}`}
            >
              <span className="truncate">{labels[key]}</span>
              {isBy && <Arrow size={14} strokeWidth={2} aria-hidden="true" className="flex-none" />}
            </button>
          </span>
        );
      })}
    </div>
  );
}

/* The row hears the press on its button. */
function Cell({ row, name }) {
  if (name !== "front") return row ? cellOf(row, name) : null;
  if (!row) return <Coming />;
  return (
    <button type="button" tabIndex={-1} title="Change the card" className="w-full text-left truncate">
      {row.front}
    </button>
  );
}

function Row({ row, place, shown, choice, isActive, isOpen, template, top, onPress }) {
  const isChosen = row ? choice.has(row.id) : false;
  const look = isChosen ? "tint" : isOpen ? "bg-card2" : "hover:bg-card2";
  return (
    <div
      role="row"
      id={idOf(place)}
      aria-rowindex={place + 2}
      aria-selected={isChosen}
      onClick={(event) => onPress(event, place)}
      className={`absolute left-0 w-full grid items-center border-b border-hairline cursor-default select-none ${look} ${isActive ? "row-active" : ""}`}
      style={{ gridTemplateColumns: template, height: ROW, transform: `translateY(${top}px)` }}
    >
      <span role="gridcell" className="grid place-items-center h-full">
        {row ? <Check row={row} choice={choice} place={place} tabIndex={-1} /> : null}
      </span>
      {shown.map((key) => (
        <span
          key={key}
          role="gridcell"
          dir={key === "front" || key === "back" || key === "tags" ? "auto" : undefined}
          className={`px-2.5 truncate ${OWN_FACE[key] ?? "text-[14px] text-ink2 tabular-nums"} ${FIGURES.has(key) ? "text-right" : ""}`}
          title={row && key !== "front" ? cellOf(row, key) : undefined}
        >
          <Cell row={row} name={key} />
        </span>
      ))}
    </div>
  );
}

/* What the keys do on the grid; returns the place that is active. */
function useKeys({ known, total, choice, scrollTo, perPage, onOpen, onRemove, start }) {
  const [active, setActive] = useState(start);
  const place = Math.min(active, Math.max(0, total - 1));
  const go = (to, event) => {
    const next = Math.min(Math.max(to, 0), total - 1);
    setActive(next);
    scrollTo(next);
    if (event?.shiftKey) choice.upTo(next);
    else choice.anchorAt(next);
  };
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: perPage, PageUp: -perPage, Home: -total, End: total };
  const onKeyDown = (event) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.target !== event.currentTarget) return;
    if (event.key in steps && isPlain) go(place + steps[event.key], event);
    else if (event.key === " " && isPlain) choice.toggle(place);
    else if (event.key === "Enter" && isPlain && known.has(place)) onOpen(known.get(place).id);
    else if (event.key === "Delete" && isPlain) onRemove();
    else if (event.key === "Escape" && isPlain) choice.none();
    else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) choice.all();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return { active: place, setActive, onKeyDown };
}

function Grid({ total, known, choice, columns, order, openId, shown, at, ...on }) {
  const frame = useRef(null);
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: BEYOND,
    scrollPaddingStart: ROW,
    initialOffset: at.get() * ROW,
  });
  const items = virtual.getVirtualItems();
  const seen = Math.max(1, Math.floor((frame.current?.clientHeight ?? 480) / ROW) - 1);
  const keys = useKeys({
    known,
    total,
    choice,
    scrollTo: (place) => virtual.scrollToIndex(place),
    perPage: seen,
    onOpen: on.onOpen,
    onRemove: on.onRemove,
    start: at.get(),
  });
  useWindows({ ...on, places: items.map((item) => item.index), known, total });
  useEffect(() => at.set(Math.max(0, Math.round((virtual.scrollOffset ?? 0) / ROW))));
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) {
      frame.current.scrollTop = 0;
      keys.setActive(0);
    }
    isFirst.current = false;
  }, [on.view]);

  const template = `44px ${shown.map((key) => WIDTHS[key] ?? "108px").join(" ")}`;
  const labels = Object.fromEntries(columns.map(({ key, label }) => [key, label]));
  const press = (event, place) => {
    keys.setActive(place);
    frame.current.focus({ preventScroll: true });
    if (event.shiftKey) choice.upTo(place);
    else if (event.ctrlKey || event.metaKey) choice.toggle(place);
    else {
      choice.anchorAt(place);
      if (known.has(place)) on.onOpen(known.get(place).id);
    }
  };
  return (
    <div
      ref={frame}
      role="grid"
      aria-label="Cards"
      aria-multiselectable="true"
      aria-rowcount={total + 1}
      aria-colcount={shown.length + 1}
      aria-activedescendant={items.some((item) => item.index === keys.active) ? idOf(keys.active) : undefined}
      aria-describedby="card-grid-keys"
      tabIndex={0}
      onKeyDown={keys.onKeyDown}
      className="card-grid surface p-0! overflow-auto overscroll-contain"
      style={{ height: `min(${(total + 1) * ROW + 4}px, max(360px, calc(100dvh - 290px)))` }}
    >
      <div role="presentation" className="min-w-fit">
        <Heads {...{ shown, labels, order, template }} onOrder={on.onOrder} />
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => (
            <Row
              key={item.index}
              row={known.get(item.index)}
              place={item.index}
              top={item.start}
              isActive={item.index === keys.active}
              isOpen={known.get(item.index)?.id === openId}
              onPress={press}
              {...{ shown, choice, template }}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function PhoneRow({ row, place, choice, onOpen }) {
  if (!row) return <Coming />;
  return (
    <>
      <label className="grid place-items-center size-11 flex-none">
        <Check row={row} choice={choice} place={place} />
      </label>
      <button
        type="button"
        onClick={() => onOpen(row.id)}
        title="Change the card"
        className="flex-1 min-w-0 text-left py-2 pr-3"
      >
        <span dir="auto" className="block font-study text-[16px] text-ink truncate">
          {row.front}
        </span>
        <span dir="auto" className="block text-[14px] text-ink2 truncate">
          {row.back}
        </span>
        <span className="block text-[13px] text-ink2 truncate">
          {[row.deck, row.when, row.flag && `${row.flag} flag`, ...row.tags.map((tag) => `#${tag}`)]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </button>
    </>
  );
}

function PhoneList({ total, known, choice, columns, order, openId, at, ...on }) {
  const list = useRef(null);
  const [above, setAbove] = useState(0);
  useEffect(() => setAbove(list.current.getBoundingClientRect().top + window.scrollY), []);
  const virtual = useWindowVirtualizer({
    count: total,
    estimateSize: () => PHONE_ROW,
    overscan: BEYOND / 2,
    scrollMargin: above,
  });
  const items = virtual.getVirtualItems();
  useWindows({ ...on, places: items.map((item) => item.index), known, total });
  const by = keyOf(order) || "added";
  return (
    <>
      <div className="flex items-center gap-2 mb-3">
        <label htmlFor="card-order" className="text-[14px] text-ink2">
          Sort by
        </label>
        <select
          id="card-order"
          value={by}
          onChange={(event) => on.onOrder(event.target.value)}
          className={`${SELECT} flex-1 min-w-0`}
        >
          {columns.map(({ key, label }) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
        <button
          type="button"
          onClick={() => on.onOrder(order.startsWith("-") ? by : `-${by}`)}
          aria-label={order.startsWith("-") ? "Turn round: lowest first" : "Turn round: highest first"}
          className="grid place-items-center size-11 flex-none rounded-xl border border-hairline2 text-ink2"
        >
          {order.startsWith("-") ? <ArrowDown size={18} aria-hidden="true" /> : <ArrowUp size={18} aria-hidden="true" />}
        </button>
      </div>
      <ul ref={list} className="surface p-0! relative list-none" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => (
          <li
            key={item.index}
            aria-setsize={total}
            aria-posinset={item.index + 1}
            className="absolute left-0 w-full flex items-center border-b border-hairline"
            style={{ height: PHONE_ROW, transform: `translateY(${item.start - above}px)` }}
          >
            <PhoneRow row={known.get(item.index)} place={item.index} choice={choice} onOpen={on.onOpen} />
          </li>
        ))}
      </ul>
    </>
  );
}

/* Where the table stood, for as long as the tab lives: a page that is loaded anew goes on there. */
const placeOf = (view) => ({
  get: () => {
    try {
      return Number(JSON.parse(sessionStorage.getItem("card-table"))?.[view]) || 0;
    } catch {
      return 0;
    }
  },
  set: (place) => {
    try {
      sessionStorage.setItem("card-table", JSON.stringify({ [view]: place }));
    } catch {
      // Then it begins at the top.
    }
  },
});

/* `rows` stand from the place `first` on; the rest of the names: table.py. */
export function CardTable(props) {
  const { rows, first, stamp, total, columns, order, openId, view } = props;
  const { onWindow, onOpen, onOrder, onRemove } = props;
  const isWide = useIsWide();
  const known = useKnown({ rows, first, stamp });
  const choice = useChoice({ ...props, known });
  const [shown, setShown] = useRemembered("card-columns", USUAL);
  const part = { total, known, choice, columns, order, openId, stamp, view, at: placeOf(view) };
  const on = { onWindow, onOpen, onOrder, onRemove };
  if (!isWide) return <PhoneList {...part} {...on} />;
  return (
    <>
      <div className="flex justify-end -mt-2">
        <Columns columns={columns} shown={shown} onShown={setShown} />
      </div>
      <p id="card-grid-keys" className="sr-only">
        Arrows move, Space chooses, Shift with an arrow chooses on, Control and A chooses all, Enter
        opens the card, Delete asks whether the chosen cards shall go.
      </p>
      <Grid {...part} {...on} shown={columns.map((one) => one.key).filter((key) => shown.includes(key))} />
    </>
  );
}
