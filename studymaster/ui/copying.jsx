// A line that is there to be copied: selected at a touch, or taken by its button.
import { Check, Copy } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";

const SAID_MS = 4000;

export function CopyLine({ label, value }) {
  const [said, setSaid] = useState("");
  const line = useRef(null);
  const id = useId();

  useEffect(() => {
    if (!said) return undefined;
    const timer = setTimeout(() => setSaid(""), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setSaid("Copied");
    } catch {
      // Without https a browser offers no clipboard: then the line is ready for Ctrl C.
      line.current.focus();
      line.current.select();
      setSaid("Selected: copy it with your keyboard");
    }
  };

  return (
    <div>
      <label htmlFor={id} className="block mb-1.5 text-[14px] font-semibold text-ink">
        {label}
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          ref={line}
          readOnly
          value={value}
          onFocus={(event) => event.target.select()}
          className="min-w-0 flex-1 min-h-11 px-3.5 py-2 rounded-[10px] bg-bg text-ink2 text-[14px] border border-edge truncate"
        />
        <button
          type="button"
          onClick={copy}
          aria-label={`Copy: ${label}`}
          title="Copy"
          className="grid place-items-center size-11 flex-none rounded-[10px] border border-hairline2 text-ink2 hover:bg-card2 hover:text-ink"
        >
          {said === "Copied" ? (
            <Check size={18} aria-hidden="true" />
          ) : (
            <Copy size={18} aria-hidden="true" />
          )}
        </button>
      </div>
      <p role="status" className="mt-1 text-[13px] text-ink2 empty:hidden">
        {said}
      </p>
    </div>
  );
}
