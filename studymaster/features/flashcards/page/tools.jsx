// What helps to write a card: pictures and sounds put at the cursor, gaps by one key, hints.
import { useEffect, useRef, useState } from "react";
import { gapsOf } from "$/public/external/studymaster/ui/written/written.jsx";

const ADDRESS = "/api/v1/media";
const TAKEN = "image/png,image/jpeg,image/gif,image/webp,audio/*,.mp3,.ogg,.oga,.wav,.m4a,.webm";
const SIGNED_OUT = "You are signed out. Sign in in another tab, then try again.";
const AWAY = "StudyMaster is not answering. Your words are here; try again in a minute.";
const GAP = /\{\{c([1-9][0-9]{0,2})::(.*?)\}\}(?!\})/gs;
const PICTURE = /!\[(?:[^\]\\\n]|\\.){0,300}\]\([^)\n]*\)/;
const BUTTON =
  "inline-flex items-center gap-2 min-h-11 px-3.5 rounded-[10px] border border-hairline2 text-[14px] " +
  "font-semibold text-ink hover:bg-card2 cursor-pointer";

/* Puts words where the cursor is, so that the browser can take them back by Ctrl Z. */
export function put(field, words, chosen = null) {
  field.focus();
  const start = field.selectionStart;
  if (!document.execCommand("insertText", false, words)) {
    field.setRangeText(words, start, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (chosen) field.setSelectionRange(start + chosen[0], start + chosen[1]);
}

/* Hides the chosen words in the next gap, or in the last one once more. */
export function hide(field, same = false) {
  const { value, selectionStart, selectionEnd } = field;
  const whole = value.slice(selectionStart, selectionEnd);
  const words = whole.trim();
  if (words.includes("{{c")) return "There is a gap in what you chose. Choose words beside it.";
  const highest = Math.max(0, ...gapsOf(value).map((gap) => gap.number));
  const number = same ? Math.max(1, highest) : highest + 1;
  const from = selectionStart + whole.indexOf(words);
  field.setSelectionRange(from, from + words.length);
  const opening = `{{c${number}::`;
  // A brace at its end would belong to the gap's own.
  const written = `${opening}${words}${words.endsWith("}") ? " " : ""}}}`;
  const end = opening.length + words.length;
  put(field, written, words ? [written.length, written.length] : [end, end]);
  return "";
}

/* Puts a hint into the gap in which the cursor is. */
export function addHint(field) {
  const { value, selectionStart: at } = field;
  const found = [...value.matchAll(GAP)].find(
    (gap) => gap.index <= at && at <= gap.index + gap[0].length,
  );
  if (!found) return "Put the cursor into a gap first: the hint stands in its place.";
  const end = found.index + found[0].length - 2;
  const parts = found[2].split("::");
  if (parts.length > 1) {
    field.focus();
    field.setSelectionRange(end - parts.slice(1).join("::").length, end);
    return "";
  }
  field.setSelectionRange(end, end);
  put(field, "::hint", [2, 6]);
  return "";
}

const nameless = (file) => file.name.replace(/\.[^.]*$/, "").replace(/[[\]\\!]/g, " ").trim();
const isPasted = (file) => /^image\.\w+$/i.test(file.name);

function written(kept, file) {
  if (!kept.mimetype.startsWith("image/")) return `[sound:${kept.name}]`;
  const place = /[\s()<>]/.test(kept.name) ? `<${kept.name}>` : kept.name;
  return `![${isPasted(file) ? "Picture" : nameless(file)}](${place})`;
}

/* Puts what was kept into its field; the covered picture takes the place of the one before. */
function place(field, words, isCovered) {
  const before = isCovered && field.name === "front" && field.value.match(PICTURE);
  if (before && words.startsWith("!")) {
    field.setSelectionRange(before.index, before.index + before[0].length);
  }
  put(field, words);
}

function sentence(request) {
  if (request.status === 401) return SIGNED_OUT;
  try {
    return JSON.parse(request.responseText).detail || AWAY;
  } catch {
    return AWAY;
  }
}

/* Fetch cannot say how much of a body has left; this older way can. */
function send(file, { progressed, kept, failed }) {
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.append("file", file, file.name);
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) progressed(Math.round((100 * event.loaded) / event.total));
  };
  request.onload = () =>
    request.status === 201 ? kept(JSON.parse(request.responseText)) : failed(sentence(request));
  request.onerror = () => failed(AWAY);
  request.open("POST", ADDRESS);
  request.send(form);
  return request;
}

/* The files on their way: one after the other, those that failed can be sent again. */
function useSending(fieldFor, isCovered) {
  const [sent, setSent] = useState([]);
  const requests = useRef(new Set());
  const count = useRef(0);
  const change = (id, facts) =>
    setSent((all) => all.map((one) => (one.id === id ? { ...one, ...facts } : one)));
  const drop = (id) => setSent((all) => all.filter((one) => one.id !== id));
  const covered = useRef(isCovered);
  covered.current = isCovered;

  const begin = (id, file, name) => {
    const request = send(file, {
      progressed: (percent) => change(id, { percent }),
      kept: (media) => {
        requests.current.delete(request);
        const field = fieldFor(name);
        if (field) place(field, written(media, file), covered.current);
        drop(id);
      },
      failed: (problem) => {
        requests.current.delete(request);
        change(id, { problem });
      },
    });
    requests.current.add(request);
  };
  useEffect(() => () => requests.current.forEach((request) => request.abort()), []);

  return {
    sent,
    drop,
    add: (files, name) => {
      for (const file of files) {
        const id = (count.current += 1);
        setSent((all) => [...all, { id, file, field: name, percent: 0, problem: "" }]);
        begin(id, file, name);
      }
    },
    again: ({ id, file, field }) => {
      change(id, { problem: "", percent: 0 });
      begin(id, file, field);
    },
  };
}

const filesOf = (data) =>
  [...(data?.files ?? [])].filter((file) => /^(image|audio|video\/webm)/.test(file.type));

/* Stands in the form of a card and helps with the field that was written in last. */
export function CardTools({ kind, visit }) {
  const place = useRef(null);
  const last = useRef("front");
  const chooser = useRef(null);
  const [said, setSaid] = useState("");
  const fieldFor = (name) => place.current?.closest("form")?.elements.namedItem(name);
  const { sent, add, again, drop } = useSending(fieldFor, kind === "occlusion");
  const latest = useRef({});
  latest.current = { add, kind };

  useEffect(() => {
    const form = place.current.closest("form");
    const isText = (target) => ["front", "back", "extra"].includes(target?.name);
    const focus = ({ target }) => {
      if (isText(target)) last.current = target.name;
    };
    const take = (event, data) => {
      const files = isText(event.target) ? filesOf(data) : [];
      if (!files.length) return;
      event.preventDefault();
      latest.current.add(files, event.target.name);
    };
    const paste = (event) => {
      if (!event.clipboardData?.types.includes("text/plain")) take(event, event.clipboardData);
    };
    const drag = (event) => {
      if (isText(event.target) && event.dataTransfer?.types.includes("Files")) event.preventDefault();
    };
    const press = (event) => {
      const isKey = (event.ctrlKey || event.metaKey) && event.shiftKey && event.code === "KeyC";
      if (!isKey || latest.current.kind !== "cloze" || event.target.name !== "front") return;
      event.preventDefault();
      setSaid(hide(event.target, event.altKey));
    };
    const dropped = (event) => take(event, event.dataTransfer);
    const heard = [
      ["focusin", focus],
      ["paste", paste],
      ["dragover", drag],
      ["drop", dropped],
      ["keydown", press],
    ];
    for (const [name, hear] of heard) form.addEventListener(name, hear);
    return () => {
      for (const [name, hear] of heard) form.removeEventListener(name, hear);
    };
  }, []);
  useEffect(() => {
    last.current = "front";
    setSaid("");
  }, [visit]);

  const stay = (event) => event.preventDefault(); // the field keeps its cursor
  const help = (act) => () => setSaid(act(fieldFor("front")));
  return (
    <div ref={place} role="group" aria-label="Help with writing" className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-2">
        <button
          type="button"
          className={BUTTON}
          onMouseDown={stay}
          onClick={() => chooser.current.click()}
        >
          {kind === "occlusion" ? "Choose a picture" : "Picture or sound"}
        </button>
        <input
          ref={chooser}
          type="file"
          accept={TAKEN}
          multiple={kind !== "occlusion"}
          hidden
          aria-label="Picture or sound"
          onChange={(event) => {
            add([...event.target.files], kind === "occlusion" ? "front" : last.current);
            event.target.value = "";
          }}
        />
        {kind === "cloze" && (
          <>
            <button
              type="button"
              className={BUTTON}
              title="Ctrl Shift C"
              onMouseDown={stay}
              onClick={help((field) => hide(field))}
            >
              Hide words
            </button>
            <button
              type="button"
              className={BUTTON}
              title="Ctrl Alt Shift C"
              onMouseDown={stay}
              onClick={help((field) => hide(field, true))}
            >
              Same gap
            </button>
            <button type="button" className={BUTTON} onMouseDown={stay} onClick={help(addHint)}>
              Hint
            </button>
          </>
        )}
      </div>
      <p role="status" className="text-[14px] text-ink2 empty:hidden">
        {said}
      </p>
      <ul className="list-none flex flex-col gap-1 empty:hidden" aria-live="polite">
        {sent.map((one) => (
          <li key={one.id} className="text-[14px] text-ink2">
            {one.problem ? (
              <>
                <span className="text-acct-ink">{`${one.file.name}: ${one.problem}`}</span>{" "}
                <button type="button" className={BUTTON} onClick={() => again(one)}>
                  Try again
                </button>{" "}
                <button type="button" className={BUTTON} onClick={() => drop(one.id)}>
                  Leave it out
                </button>
              </>
            ) : (
              `${one.file.name}: ${one.percent}% sent`
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/* Offers the tags that begin as the last one that is being typed. */
export function TagHelp({ field, visit, known }) {
  const [typed, setTyped] = useState("");
  useEffect(() => {
    const input = document.getElementById(field);
    if (!input) return undefined;
    const read = () => setTyped(input.value);
    read();
    input.addEventListener("input", read);
    return () => input.removeEventListener("input", read);
  }, [field, visit]);

  const parts = typed.split(",").map((part) => part.trim().toLowerCase());
  const begun = parts.at(-1);
  const offered = (known ?? [])
    .filter((tag) => begun && tag.startsWith(begun) && !parts.includes(tag))
    .slice(0, 5);
  const choose = (tag) => {
    const input = document.getElementById(field);
    const before = input.value.slice(0, input.value.lastIndexOf(",") + 1);
    input.focus();
    input.select();
    put(input, `${before}${before ? " " : ""}${tag}, `);
  };
  return (
    <div role="group" aria-label="Tags you use" className="flex flex-wrap gap-1.5 empty:hidden">
      {offered.map((tag) => (
        <button key={tag} type="button" className={BUTTON} onClick={() => choose(tag)}>
          {tag}
        </button>
      ))}
    </div>
  );
}
