// Takes a question from a note to the question form on Campus, without losing what is there.
import { MessageCircleQuestion } from "lucide-react";
import { useNavigate } from "react-router";

const PLACE = "studymaster:draft:question";
const FORM = "/campus?tab=questions";
const GHOST =
  "inline-flex items-center justify-center gap-2.5 min-h-11 px-5 rounded-xl text-[15px] font-semibold border border-hairline2 text-ink hover:bg-card2";

/* What is half-written in the form already; nothing where the browser keeps nothing. */
function begun() {
  try {
    const found = JSON.parse(window.sessionStorage.getItem(PLACE));
    return found && typeof found === "object" ? found : {};
  } catch {
    return {};
  }
}

/* The title is the first line with words, so the rest is what explains it. */
function below(text) {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => line.trim());
  return lines.slice(first + 1).join("\n").trim();
}

export function AskOnCampus({ title, text }) {
  const navigate = useNavigate();
  const ask = () => {
    const { sent_key: _, ...form } = begun();
    const isSame = form.title === title;
    const explained = form.title && !isSame ? [form.text, title, below(text)] : [below(text)];
    const draft = {
      ...form,
      title: form.title || title,
      text: explained.filter(Boolean).join("\n\n"),
    };
    try {
      window.sessionStorage.setItem(PLACE, JSON.stringify(draft));
    } catch {
      // Storage may be full, or forbidden: the form opens empty.
    }
    navigate(FORM);
  };
  return (
    <button type="button" onClick={ask} className={GHOST}>
      <MessageCircleQuestion size={18} aria-hidden="true" />
      Ask it on Campus
    </button>
  );
}
