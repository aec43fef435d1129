// The keyboard of every page: `g` and a letter goes to a line, `?` lists the keys of the
// screen, Ctrl or Cmd K opens the palette, `n` catches a thought, and a key named by
// `data-key` presses its element. Nothing but the palette happens while typing.
import * as Dialog from "@radix-ui/react-dialog";
import { Children, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { LECTURES, Palette } from "./palette.jsx";

const CHORD_MS = 1_500;
const ARRIVAL_MS = 5_000;
const FIELD = "input:not([type=checkbox]):not([type=radio]), textarea, select";
const WINDOW =
  "fixed z-50 left-1/2 -translate-x-1/2 bg-card border border-hairline2 rounded-2xl";
const MIDDLE = `${WINDOW} top-1/2 -translate-y-1/2 max-h-[85dvh] overflow-y-auto p-5`;
const SHAPES = {
  keys: `${MIDDLE} w-[min(460px,calc(100vw-32px))]`,
  thought: `${MIDDLE} w-[min(640px,calc(100vw-32px))]`,
  palette: `${WINDOW} top-[max(16px,10dvh)] max-h-[min(560px,80dvh)] w-[min(600px,calc(100vw-32px))] flex flex-col overflow-hidden`,
};
const TITLES = { keys: "Keys", thought: "Catch a thought", palette: "Go to" };

function isTyping(target) {
  return target.isContentEditable || target.closest?.(FIELD) !== null;
}

function isSeen(element) {
  return element.getClientRects().length > 0;
}

function isWaiting(element) {
  return element.disabled || element.getAttribute("aria-disabled") === "true";
}

function nameOf(element) {
  if (element.dataset.keyLabel) return element.dataset.keyLabel;
  if (element.getAttribute("aria-label")) return element.getAttribute("aria-label");
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd").forEach((one) => one.remove());
  return copy.textContent.trim();
}

function keysOfScreen() {
  const found = [...document.querySelectorAll("[data-key], [data-key-hint]")];
  return found.filter(isSeen).map((element) => ({
    keys: element.dataset.keyHint ?? element.dataset.key.toUpperCase().split(" ").join(" or "),
    name: nameOf(element),
    element,
  }));
}

/* Without a connection only that is pressed which needs none: the rest would happen later,
   when nobody expects it any more. */
function activate(element, away) {
  if (away && element.dataset.keyAsks === "server") return;
  if (element.matches(FIELD)) element.focus();
  else element.click();
}

function press(key, away) {
  const named = document.querySelectorAll(`[data-key~="${CSS.escape(key)}"]`);
  const element = [...named].find((one) => isSeen(one) && !isWaiting(one));
  if (element) activate(element, away);
  return element !== undefined;
}

function pressNamed(name, away) {
  const named = [...document.querySelectorAll("main button, main a")];
  const element = named.find((one) => nameOf(one) === name && isSeen(one) && !isWaiting(one));
  if (element) activate(element, away);
  return element !== undefined;
}

/* The page that is on its way may still have to load what is to be pressed. */
function pressOnArrival(name, isAway) {
  const watcher = new MutationObserver(() => {
    if (pressNamed(name, isAway())) watcher.disconnect();
  });
  watcher.observe(document.body, { childList: true, subtree: true });
  setTimeout(() => watcher.disconnect(), ARRIVAL_MS);
}

function KeyRow({ keys, name }) {
  return (
    <div className="flex items-center justify-between gap-4 min-h-9 border-t border-hairline first:border-0">
      <dt className="text-ink">{name}</dt>
      <dd className="flex-none">
        <kbd className="font-body text-xs font-semibold border border-hairline2 border-b-2 rounded-md px-2 py-0.5 text-ink2">
          {keys}
        </kbd>
      </dd>
    </div>
  );
}

function KeyList({ title, rows }) {
  return (
    <section className="mt-4">
      <h3 className="text-[13px] font-semibold text-ink2 mb-1">{title}</h3>
      <dl>
        {rows.map((row) => (
          <KeyRow key={row.keys + row.name} keys={row.keys} name={row.name} />
        ))}
      </dl>
    </section>
  );
}

function Heading({ title }) {
  return (
    <div className="flex items-center justify-between mb-3">
      <Dialog.Title className="display text-xl font-semibold">{title}</Dialog.Title>
      <Dialog.Close className="min-h-11 px-3 rounded-[10px] font-semibold text-ink2 hover:bg-card2">
        Close
      </Dialog.Close>
    </div>
  );
}

const EVERYWHERE = [
  { keys: "?", name: "Show these keys" },
  { keys: "Ctrl K or ⌘ K", name: "Go to a page, course, deck or lecture" },
  { keys: "N", name: "Catch a thought" },
];

function AllKeys({ screen, lines, elsewhere }) {
  const here = new Set(screen.map((row) => row.keys));
  const others = (rows) => rows.filter((row) => !here.has(row.keys));
  const stations = lines.map((one) => ({
    keys: `G ${one.letter.toUpperCase()}`,
    name: one.name,
  }));
  const rest = others(elsewhere);
  return (
    <>
      {screen.length > 0 && <KeyList title="On this screen" rows={screen} />}
      <KeyList title="Everywhere" rows={[...others(EVERYWHERE), ...stations]} />
      {rest.length > 0 && <KeyList title="In some rooms" rows={rest} />}
    </>
  );
}

export function Keys({
  lines,
  rooms,
  actions,
  searches,
  elsewhere,
  places,
  signOut,
  kept,
  lost,
  onFind,
  children,
}) {
  const [shown, setShown] = useState("");
  const [screen, setScreen] = useState([]);
  const chordAt = useRef(-Infinity);
  const afterwards = useRef(null);
  const navigate = useNavigate();
  const [notices, box] = Children.toArray(children);

  const isAway = () => lost || !navigator.onLine;
  const open = (what) => {
    if (what === "thought" && press("n", isAway())) return;
    if (what === "palette") onFind();
    setScreen(keysOfScreen());
    setShown(what);
  };

  const typed = (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const key = event.key.toLowerCase();
    const isFree = !document.querySelector('[role="dialog"]');
    if (event.ctrlKey || event.metaKey) {
      if (key !== "k" || event.shiftKey || !(isFree || shown === "palette")) return;
      event.preventDefault();
      if (isFree) open("palette");
      else setShown("");
      return;
    }
    if (isFree && !isTyping(event.target) && answer(key, event)) event.preventDefault();
  };
  const answer = (key, { timeStamp, repeat }) => {
    const line = lines.find((one) => one.letter === key);
    if (timeStamp - chordAt.current < CHORD_MS && line) {
      chordAt.current = -Infinity;
      navigate(line.path);
    } else if (key === "g") {
      chordAt.current = timeStamp;
      return false;
    } else if (key === "?") {
      open("keys");
    } else if (key === "n" && !repeat) {
      open("thought");
    } else {
      return !repeat && press(key, isAway());
    }
    return true;
  };
  const clicked = ({ target }) => {
    const what = target.closest?.("[data-opens]")?.dataset.opens;
    if (what) open(what);
  };
  const latest = useRef(null);
  latest.current = { typed, clicked };

  useEffect(() => {
    const listen = (event) => latest.current.typed(event);
    const look = (event) => latest.current.clicked(event);
    window.addEventListener("keydown", listen);
    document.addEventListener("click", look);
    return () => {
      window.removeEventListener("keydown", listen);
      document.removeEventListener("click", look);
    };
  }, []);

  // What was typed has become a note.
  useEffect(() => setShown((now) => (now === "thought" ? "" : now)), [kept]);

  const close = (action = null) => {
    afterwards.current = action;
    setShown("");
  };
  const choose = ({ run, element, path, press: name }) => {
    if (run) close(run);
    else if (element) close(() => activate(element, isAway()));
    else if (!name) {
      close();
      navigate(path);
    } else {
      close(() => {
        if (pressNamed(name, isAway())) return;
        navigate(path);
        pressOnArrival(name, isAway);
      });
    }
  };
  const closed = (event) => {
    const action = afterwards.current;
    afterwards.current = null;
    if (!action) return;
    event.preventDefault();
    action();
  };
  const begin = (event) => {
    const field = event.target.querySelector?.("textarea, input");
    if (!field) return;
    event.preventDefault();
    field.focus();
  };

  const here = screen.filter(({ element }) => element.dataset.key && !isWaiting(element));
  const own = [
    { name: "Catch a thought", keys: "N", also: "note idea", run: () => open("thought") },
    { name: "Show the keys", keys: "?", also: "help shortcuts", run: () => open("keys") },
    {
      name: "Sign out",
      also: "leave log out",
      run: () => document.querySelector(`form[action="${signOut}"]`)?.requestSubmit(),
    },
  ];
  const stations = lines.map((one) => ({ ...one, keys: `G ${one.letter.toUpperCase()}` }));
  const names = new Set(here.map(({ name }) => name));
  const others = actions.filter(({ press: name }) => !names.has(name));
  const groups = [
    ["On this screen", here],
    ["Pages", [...stations, ...rooms]],
    ["Courses and decks", places.filter((one) => !one.is_lecture)],
    [LECTURES, places.filter((one) => one.is_lecture)],
    ["What to do", [...others, ...own]],
  ].filter(([, items]) => items.length > 0);

  return (
    <Dialog.Root open={shown !== ""} onOpenChange={(is) => !is && setShown("")}>
      <Dialog.Portal>
        <Dialog.Overlay className="veil z-40" />
        <Dialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={begin}
          onCloseAutoFocus={closed}
          className={SHAPES[shown] ?? WINDOW}
        >
          {shown === "palette" ? (
            <Dialog.Title className="sr-only">{TITLES.palette}</Dialog.Title>
          ) : (
            <Heading title={TITLES[shown]} />
          )}
          {notices}
          {shown === "palette" && (
            <Palette groups={groups} searches={searches} onChoose={choose} />
          )}
          {shown === "keys" && <AllKeys screen={screen} lines={lines} elsewhere={elsewhere} />}
          {shown === "thought" && box}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
