// What can be done with the card on the table besides grading it: by key, and from a menu.
import * as Dialog from "@radix-ui/react-dialog";
import {
  CalendarDays,
  Ellipsis,
  EyeOff,
  Flag,
  Pencil,
  RotateCcw,
  Sunrise,
  Trash2,
  Volume2,
  X,
} from "lucide-react";
import { useState } from "react";

export const FLAGS = [
  { name: "No flag", ink: "" },
  { name: "Red", ink: "#e5484d" },
  { name: "Orange", ink: "#e8791c" },
  { name: "Green", ink: "#30a46c" },
  { name: "Blue", ink: "#3b82f6" },
  { name: "Pink", ink: "#d6409f" },
  { name: "Turquoise", ink: "#12a594" },
  { name: "Purple", ink: "#8e4ec6" },
];
const LATEST_DAYS = 36_500;

/* `of`: which of the table's doings it needs; `siblings`: the cards of the note go with it. */
const ACTIONS = [
  { name: "edit", of: "edit", keys: "e", words: "Edit", Icon: Pencil },
  { name: "aloud", of: "aloud", keys: "r", words: "Read aloud", Icon: Volume2, here: true },
  { name: "flag", of: "flag", keys: "f", words: "Flag", Icon: Flag },
  { name: "bury", of: "bury", keys: "- b", words: "Bury until tomorrow", Icon: Sunrise },
  { name: "buryNote", of: "bury", keys: "=", words: "Bury it and its siblings", Icon: Sunrise, siblings: true },
  { name: "suspend", of: "suspend", keys: "@", words: "Suspend", Icon: EyeOff },
  { name: "suspendNote", of: "suspend", keys: "!", words: "Suspend it and its siblings", Icon: EyeOff, siblings: true },
  { name: "due", of: "due", keys: "s", words: "Set its day", Icon: CalendarDays },
  { name: "reset", of: "reset", keys: "x", words: "Start it anew", Icon: RotateCcw },
  { name: "delete", of: "delete", keys: "delete", words: "Delete", Icon: Trash2, wordsOfNote: "Delete it and its siblings" },
];
const ROW =
  "flex w-full items-center gap-3 min-h-11 px-3 rounded-[10px] text-left text-ink hover:bg-card2";

function Key({ keys }) {
  return (
    <kbd
      aria-hidden="true"
      className="max-md:hidden ml-auto font-body text-[11px] font-semibold border border-hairline2 border-b-2 rounded-md px-1.5 text-ink3"
    >
      {keys.toUpperCase().split(" ").join(" or ")}
    </kbd>
  );
}

function Sheet({ title, onClose, children, ...props }) {
  return (
    <Dialog.Root open onOpenChange={(is) => !is && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="veil z-40" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed z-50 inset-x-0 bottom-0 rounded-t-[20px] pb-[calc(20px+env(safe-area-inset-bottom))] md:inset-x-auto md:left-1/2 md:bottom-auto md:top-1/2 md:-translate-x-1/2 md:-translate-y-1/2 md:w-[420px] md:rounded-2xl max-h-[85dvh] overflow-y-auto bg-card border border-hairline2 p-5"
          {...props}
        >
          <div className="flex items-center justify-between gap-4 mb-2">
            <Dialog.Title className="display text-xl font-semibold">{title}</Dialog.Title>
            <Dialog.Close
              aria-label="Close"
              className="grid place-items-center size-11 -mr-2 rounded-[10px] text-ink2 hover:bg-card2 hover:text-ink"
            >
              <X size={18} strokeWidth={1.75} aria-hidden="true" />
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Switch({ words, on, onTurn }) {
  return (
    <label className="flex items-center gap-4 min-h-11 px-3 text-ink">
      {words}
      <input
        type="checkbox"
        role="switch"
        checked={on}
        onChange={(event) => onTurn(event.target.checked)}
        className="switch ml-auto"
      />
    </label>
  );
}

/* After how many minutes a review pauses. */
function Timebox({ minutes, all, onChoose }) {
  return (
    <label className="flex items-center gap-4 min-h-11 px-3 text-ink">
      Pause after
      <select
        value={String(minutes)}
        onChange={(event) => onChoose(event.target.value)}
        className="ml-auto min-h-11 px-3 rounded-[10px] bg-bg text-ink text-[15px] border border-edge"
      >
        {all.map((one) => (
          <option key={one} value={String(one)}>
            {one ? `${one} minutes` : "Never"}
          </option>
        ))}
      </select>
    </label>
  );
}

function Menu({ actions, hasSiblings, switches, timebox, onChoose, onClose }) {
  return (
    <Sheet title="This card" onClose={onClose}>
      <ul>
        {actions.filter(({ siblings }) => hasSiblings || !siblings).map(({ name, keys, words, wordsOfNote, Icon }) => (
          <li key={name}>
            <button type="button" className={ROW} onClick={() => onChoose(name)}>
              <Icon size={18} strokeWidth={1.75} aria-hidden="true" className="text-ink2" />
              {(hasSiblings && wordsOfNote) || words}
              <Key keys={keys} />
            </button>
          </li>
        ))}
      </ul>
      <div className="mt-2 pt-2 border-t border-hairline2">
        {switches.map((one) => (
          <Switch key={one.words} {...one} />
        ))}
        {timebox && <Timebox {...timebox} />}
      </div>
    </Sheet>
  );
}

function Flags({ flag, onFlag, onClose }) {
  const press = (event) => {
    const number = Number(event.key);
    if (!/^[0-7]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onFlag(number);
  };
  return (
    <Sheet title="Flag" onClose={onClose} onKeyDown={press}>
      <ul>
        {FLAGS.map(({ name, ink }, number) => (
          <li key={name}>
            <button
              type="button"
              className={ROW}
              aria-pressed={number === flag}
              aria-keyshortcuts={String(number)}
              onClick={() => onFlag(number)}
            >
              <Flag
                size={18}
                strokeWidth={1.75}
                aria-hidden="true"
                style={ink ? { color: ink } : undefined}
                fill={ink || "none"}
              />
              <span className={number === flag ? "font-semibold" : ""}>{name}</span>
              <Key keys={String(number)} />
            </button>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

function DueDay({ onDue, onClose }) {
  const [days, setDays] = useState("1");
  const [date, setDate] = useState("");
  const isGiven = Boolean(date) || (/^\d{1,5}$/.test(days) && Number(days) <= LATEST_DAYS);
  const send = (event) => {
    event.preventDefault();
    if (isGiven) onDue(date || days);
  };
  return (
    <Sheet title="Set its day" onClose={onClose}>
      <form onSubmit={send} noValidate>
        <label htmlFor="due-days" className="block mb-1.5 text-[14px] font-semibold text-ink">
          Days from today
        </label>
        <input
          id="due-days"
          inputMode="numeric"
          autoComplete="off"
          value={days}
          onChange={(event) => {
            setDays(event.target.value.trim());
            setDate("");
          }}
          onFocus={(event) => event.target.select()}
          aria-invalid={!isGiven}
          aria-describedby="due-days-note"
          className="w-full min-h-11 px-3.5 py-2 rounded-[10px] bg-bg text-ink text-[16px] border border-edge aria-invalid:border-acct"
        />
        <p id="due-days-note" className={`mt-1.5 text-[13px] ${isGiven ? "text-ink2" : "text-acct-ink"}`}>
          {isGiven
            ? "0 is today, 1 is tomorrow. How well you know it stays as it is."
            : "Give whole days from 0 to 36500."}
        </p>
        <label htmlFor="due-date" className="block mt-4 mb-1.5 text-[14px] font-semibold text-ink">
          Or a date
        </label>
        <input
          id="due-date"
          type="date"
          value={date}
          onChange={(event) => setDate(event.target.value)}
          className="w-full min-h-11 px-3.5 py-2 rounded-[10px] bg-bg text-ink text-[16px] border border-edge"
        />
        <button
          type="submit"
          className="mt-4 inline-flex items-center justify-center min-h-11 px-5 rounded-xl text-[15px] font-semibold bg-ink text-bg hover:opacity-90"
        >
          Set the day
        </button>
      </form>
    </Sheet>
  );
}

/* What the keys press; it is in nobody's way, and the list of keys finds it. */
function PressedByKey({ actions, onChoose }) {
  return (
    <span aria-hidden="true" className="sr-only">
      {actions.map(({ name, keys, words, here }) => (
        <button
          key={name}
          type="button"
          tabIndex={-1}
          data-key={keys}
          data-key-label={words}
          data-key-asks={here ? undefined : "server"}
          onClick={() => onChoose(name)}
        />
      ))}
    </span>
  );
}

/* `doings` has for each thing that can be done here what does it; `flag` is the card's. */
export function Deeds({ doings, flag, hasSiblings, switches, timebox }) {
  const [open, setOpen] = useState("");
  const actions = ACTIONS.filter(({ of }) => doings[of]);
  const close = () => setOpen("");
  const choose = (name) => {
    const { of, siblings = false } = ACTIONS.find((one) => one.name === name);
    setOpen(of === "flag" || of === "due" ? of : "");
    if (of !== "flag" && of !== "due") doings[of](siblings);
  };
  const finish = (of, value) => {
    close();
    doings[of](value);
  };
  if (!actions.length) return null;
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen("menu")}
        aria-label="More for this card"
        title="More for this card (M)"
        aria-haspopup="dialog"
        aria-keyshortcuts="M"
        data-key="m"
        className="grid place-items-center size-11 flex-none -my-3 -mr-2 rounded-[10px] text-ink2 hover:bg-card2 hover:text-ink"
      >
        <Ellipsis size={18} strokeWidth={1.75} aria-hidden="true" />
      </button>
      <PressedByKey actions={actions} onChoose={choose} />
      {open === "menu" && (
        <Menu
          actions={actions}
          hasSiblings={hasSiblings}
          switches={switches}
          timebox={timebox}
          onChoose={choose}
          onClose={close}
        />
      )}
      {open === "flag" && (
        <Flags flag={flag} onFlag={(number) => finish("flag", number)} onClose={close} />
      )}
      {open === "due" && <DueDay onDue={(days) => finish("due", days)} onClose={close} />}
    </>
  );
}
