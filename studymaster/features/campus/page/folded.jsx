// A choice of what a list shows: folded behind a button where a screen is narrow, in a row
// where it is not.
import { ChevronDown, ChevronUp, SlidersHorizontal } from "lucide-react";
import { useId, useState } from "react";

const BUTTON =
  "inline-flex items-center justify-center gap-2.5 min-h-11 px-3.5 rounded-xl text-[14px] font-semibold whitespace-nowrap border border-hairline2 text-ink hover:bg-card2 sm:hidden";

export function FoldedChoice({ label, active, className, children }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const count = active.filter(Boolean).length;
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
        className={BUTTON}
      >
        <SlidersHorizontal size={16} aria-hidden="true" />
        {label}
        {count > 0 && <span className="text-ink2">{`· ${count} set`}</span>}
        {isOpen ? (
          <ChevronUp size={16} aria-hidden="true" />
        ) : (
          <ChevronDown size={16} aria-hidden="true" />
        )}
      </button>
      <div id={id} className={`${isOpen ? "max-sm:mt-4" : "max-sm:hidden"} ${className}`}>
        {children}
      </div>
    </div>
  );
}
