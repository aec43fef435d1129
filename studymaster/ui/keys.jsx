// The keyboard of every page: `g` and a letter goes to a line, `?` lists the keys of the
// screen, and a key named by `data-key` presses its element. Nothing happens while typing.
import * as Dialog from "@radix-ui/react-dialog";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";

const CHORD_MS = 1500;
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select";

function isTyping(target) {
  return target.isContentEditable || target.closest?.(TYPING) !== null;
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
    keys: element.dataset.keyHint ?? element.dataset.key.toUpperCase(),
    name: nameOf(element),
  }));
}

function press(key) {
  const named = document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`);
  const element = [...named].find((one) => isSeen(one) && !isWaiting(one));
  element?.click();
  return element !== undefined;
}

function KeyRow({ keys, name }) {
  return (
    <div className="flex items-center justify-between gap-4 min-h-9 border-t border-hairline first:border-0">
      <dt className="text-ink">{name}</dt>
      <dd>
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
          <KeyRow key={row.keys + row.name} {...row} />
        ))}
      </dl>
    </section>
  );
}

export function Keys({ lines }) {
  const [open, setOpen] = useState(false);
  const [screen, setScreen] = useState([]);
  const chordAt = useRef(-Infinity);
  const navigate = useNavigate();

  useEffect(() => {
    const listen = (event) => {
      const modified = event.ctrlKey || event.metaKey || event.altKey;
      if (modified || event.defaultPrevented || event.isComposing) return;
      if (isTyping(event.target)) return;
      if (document.querySelector('[role="dialog"]')) return;

      const key = event.key.toLowerCase();
      const line = lines.find((one) => one.letter === key);
      if (event.timeStamp - chordAt.current < CHORD_MS && line) {
        chordAt.current = -Infinity;
        event.preventDefault();
        navigate(line.path);
      } else if (key === "g") {
        chordAt.current = event.timeStamp;
      } else if (key === "?") {
        setScreen(keysOfScreen());
        setOpen(true);
      } else if (!event.repeat && press(key)) {
        event.preventDefault();
      }
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [lines, navigate]);

  const everywhere = [
    { keys: "?", name: "Show these keys" },
    ...lines.map((one) => ({ keys: `G ${one.letter.toUpperCase()}`, name: one.name })),
  ];
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Portal>
        <Dialog.Overlay className="veil z-40" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed z-50 left-1/2 top-1/2 -translate-x-1/2 -translate-y-1/2 w-[min(460px,calc(100vw-32px))] max-h-[85dvh] overflow-y-auto bg-card border border-hairline2 rounded-2xl p-5"
        >
          <div className="flex items-center justify-between">
            <Dialog.Title className="display text-xl font-semibold">Keys</Dialog.Title>
            <Dialog.Close className="min-h-11 px-3 rounded-[10px] font-semibold text-ink2 hover:bg-card2">
              Close
            </Dialog.Close>
          </div>
          {screen.length > 0 && <KeyList title="On this screen" rows={screen} />}
          <KeyList title="Everywhere" rows={everywhere} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
