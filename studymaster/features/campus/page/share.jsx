// The form that shares a file, a link or a note. It sends by itself, because only a request
// of its own can say how far a large file is; what was typed is kept until it has arrived.
import { Upload, X } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";

import {
  GHOST,
  PRIMARY,
  hadFile,
  keptOf,
  useKept,
  useOpening,
} from "$/public/external/studymaster/features/campus/page/keeping/kept.jsx";

const KINDS = [
  { value: "file", name: "File" },
  { value: "link", name: "Link" },
  { value: "note", name: "Note" },
];
const NO_PROBLEM = { text: "", field: "" };
const CREATED = 201;
const MEGABYTE = 1_000_000;
const SILENT = "StudyMaster is not answering. Your words are still here; try again in a minute.";
const STOPPED = "Stopped. Nothing was shared; your words are still here.";

const FIELD =
  "w-full min-h-11 px-3.5 py-2 rounded-[10px] bg-bg text-ink text-[16px] border border-edge aria-invalid:border-acct";
const LABEL = "block mb-1.5 text-[14px] font-semibold text-ink";

/* What goes out: only the fields that belong to the chosen kind. */
function bodyOf(form, kind) {
  const typed = new FormData(form);
  const body = new FormData();
  const [audience, id] = typed.get("audience").split(/:(.*)/s);
  body.set(audience === "group" ? "group_id" : "course_id", id);
  for (const name of ["kind", "title"]) body.set(name, typed.get(name));
  const own = { file: "file", link: "address", note: "text" }[kind];
  body.set(own, typed.get(own));
  return body;
}

function fileProblemOf(body, kind, limitMb) {
  const file = body.get("file");
  if (kind === "file" && !file?.size) return "Choose a file that is not empty.";
  if (kind === "file" && file.size > limitMb * MEGABYTE)
    return `That file is larger than ${limitMb} MB. Share a link to it, or a smaller one.`;
  return "";
}

/* Sends a form and tells how far it is, 0 to 100; null while nothing is under way. */
function useSending(path, onDone, onProblem) {
  const [percent, setPercent] = useState(null);
  const request = useRef(null);
  useEffect(() => () => request.current?.abort(), []);
  const send = (body) => {
    const sending = new XMLHttpRequest();
    const end = (tell) => () => {
      request.current = null;
      setPercent(null);
      tell();
    };
    sending.open("POST", path);
    sending.responseType = "json";
    sending.upload.onprogress = ({ loaded, total }) =>
      setPercent(Math.floor((100 * loaded) / Math.max(total, 1)));
    sending.onload = end(() =>
      sending.status === CREATED ? onDone() : onProblem(sending.response?.detail ?? SILENT),
    );
    sending.onerror = end(() => onProblem(SILENT));
    sending.onabort = end(() => onProblem(STOPPED));
    request.current = sending;
    setPercent(0);
    sending.send(body);
  };
  return [percent, send, () => request.current?.abort()];
}

function Kinds({ kind, onChoose }) {
  return (
    <fieldset>
      <legend className={LABEL}>What</legend>
      <div className="flex flex-wrap gap-x-5">
        {KINDS.map(({ value, name }) => (
          <label key={value} className="flex items-center gap-2 min-h-11 cursor-pointer">
            <input
              type="radio"
              name="kind"
              value={value}
              checked={kind === value}
              onChange={() => onChoose(value)}
              className="size-5 accent-hue"
            />
            {name}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/* What is wrong with it stands in place of its hint. */
function Field({ name, label, hint, id, problem, children }) {
  const wrong = problem.field === name ? problem.text : "";
  return (
    <div>
      <label htmlFor={`${id}-${name}`} className={LABEL}>
        {label}
      </label>
      {children({
        id: `${id}-${name}`,
        name,
        className: FIELD,
        "aria-describedby": `${id}-${name}-hint`,
        "aria-invalid": Boolean(wrong),
      })}
      <p
        id={`${id}-${name}-hint`}
        className={`mt-1.5 text-[13px] empty:hidden ${wrong ? "text-acct-ink" : "text-ink2"}`}
      >
        {wrong || hint}
      </p>
    </div>
  );
}

/* The field of each kind stays in the form while another one shows: nothing typed is lost. */
function Content({ kind, id, limitMb, noteMax, linkStarts, problem }) {
  const hint = `Up to ${limitMb} MB. Share only what you may share.`;
  const address = `The whole of it, with ${linkStarts} in front.`;
  return (
    <>
      <div hidden={kind !== "file"}>
        <Field id={id} name="file" label="File" hint={hint} problem={problem}>
          {(props) => <input type="file" {...props} />}
        </Field>
      </div>
      <div hidden={kind !== "link"}>
        <Field id={id} name="address" label="Address" hint={address} problem={problem}>
          {(props) => <input type="text" inputMode="url" maxLength={2000} {...props} />}
        </Field>
      </div>
      <div hidden={kind !== "note"}>
        <Field
          id={id}
          name="text"
          label="Note"
          hint="Markdown works: lists, **bold**, links."
          problem={problem}
        >
          {(props) => <textarea rows={6} maxLength={noteMax} {...props} />}
        </Field>
      </div>
    </>
  );
}

function Progress({ percent, onStop }) {
  return (
    <div className="flex flex-wrap items-center gap-4">
      <div
        role="progressbar"
        aria-label="Sent"
        aria-valuemin={0}
        aria-valuenow={percent}
        aria-valuemax={100}
        className="flex-1 min-w-[140px] h-1 rounded-full bg-card2 overflow-hidden"
      >
        <div
          className="bar h-full w-full rounded-full bg-hue"
          style={{ transform: `scaleX(${percent / 100})` }}
        />
      </div>
      <span className="text-[13px] text-ink2 tabular-nums">{percent} % sent</span>
      <button type="button" className={GHOST} onClick={onStop}>
        Stop
      </button>
    </div>
  );
}

function kindOf(draft) {
  const { kind } = keptOf(draft);
  return KINDS.some(({ value }) => value === kind) ? kind : KINDS[0].value;
}

/* A form that opens half-filled says why, and how to be rid of it. A file is never kept. */
function Begun({ lacksFile, onClear }) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <p className="text-ink2">
        {`What you began is still here${lacksFile ? ", but choose the file again." : "."}`}
      </p>
      <button type="button" className={GHOST} onClick={onClear}>
        Start afresh
      </button>
    </div>
  );
}

/* What is wrong with the form; the field that it is about is gone to. */
function useProblem(id) {
  const [problem, setProblem] = useState(NO_PROBLEM);
  useEffect(() => {
    if (problem.field) document.getElementById(`${id}-${problem.field}`)?.focus();
  }, [id, problem]);
  return [problem, setProblem];
}

const isKept = (draft) => Object.keys(keptOf(draft)).length > 0;

function Fields({ draft, audiences, limitMb, noteMax, linkStarts, fields, path, onDone }) {
  const id = useId();
  const { attach, keep, forget } = useKept(draft);
  const [kind, setKind] = useState(() => kindOf(draft));
  const [isBegun, setBegun] = useState(() => isKept(draft));
  const [isLost] = useState(() => hadFile(draft));
  const [problem, setProblem] = useProblem(id);
  const show = (text) => setProblem({ text, field: fields[text] ?? "" });
  const choose = (chosen) => {
    setKind(chosen);
    setProblem(NO_PROBLEM);
  };
  const clear = () => {
    forget();
    choose(KINDS[0].value);
    setBegun(false);
    document.getElementById(`${id}-title`).focus();
  };
  const done = () => {
    forget();
    onDone();
  };
  const [percent, send, stop] = useSending(path, done, show);
  const isSending = percent !== null;
  const submit = (event) => {
    event.preventDefault();
    if (isSending) return;
    const body = bodyOf(event.currentTarget, kind);
    const wrong = fileProblemOf(body, kind, limitMb);
    setProblem(wrong ? { text: wrong, field: "file" } : NO_PROBLEM);
    if (!wrong) send(body);
  };
  return (
    <form ref={attach} onInput={keep} onSubmit={submit} className="surface mt-4 grid gap-5">
      {isBegun && <Begun lacksFile={isLost && kind === "file"} onClear={clear} />}
      <Kinds kind={kind} onChoose={choose} />
      <Field id={id} name="title" label="Title" hint="What is it, and for what?" problem={problem}>
        {(props) => <input type="text" required maxLength={200} {...props} />}
      </Field>
      <Content
        kind={kind}
        id={id}
        limitMb={limitMb}
        noteMax={noteMax}
        linkStarts={linkStarts}
        problem={problem}
      />
      <Field
        id={id}
        name="audience"
        label="Share with"
        hint="Nobody else can open it."
        problem={problem}
      >
        {(props) => (
          <select {...props}>
            {audiences.map(({ value, name }) => (
              <option key={value} value={value}>
                {value.startsWith("group:") ? `Group: ${name}` : `Course: ${name}`}
              </option>
            ))}
          </select>
        )}
      </Field>
      <p role="alert" className="text-acct-ink empty:hidden">
        {problem.field ? "" : problem.text}
      </p>
      {isSending && <Progress percent={percent} onStop={stop} />}
      <button type="submit" aria-disabled={isSending} className={`${PRIMARY} w-fit`}>
        {isSending ? "Sharing" : "Share it"}
      </button>
    </form>
  );
}

export function ShareForm({ draft, onShared, ...sharing }) {
  const [isOpen, setOpen] = useOpening(draft);
  const opener = useRef(null);
  const done = () => {
    setOpen(false);
    opener.current?.focus();
    onShared();
  };
  return (
    <div>
      <button
        ref={opener}
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className={isOpen ? GHOST : PRIMARY}
      >
        {isOpen ? <X size={18} aria-hidden="true" /> : <Upload size={18} aria-hidden="true" />}
        {isOpen ? "Close" : "Share something"}
      </button>
      {isOpen && (
        <Fields draft={draft} onDone={done} {...sharing} />
      )}
    </div>
  );
}
