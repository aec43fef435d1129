// Where a focus session stands, counted on from what the server said last. The same sums as
// the server's own; it alone decides.
const KEPT = "studymaster.focus.heard";
const heard = new Map();

/* All in milliseconds. `left` and `whole` belong to the present phase; `round` is from 1. */
export function placeAt(plan, spent) {
  const { focus, rest, rounds } = plan;
  const total = focus * rounds + rest * (rounds - 1);
  if (spent >= total) {
    return { phase: "focus", round: rounds, left: 0, whole: focus, isOver: true };
  }
  const done = Math.floor(spent / (focus + rest));
  const within = spent - done * (focus + rest);
  const isFocus = within < focus;
  return {
    phase: isFocus ? "focus" : "break",
    round: done + 1,
    left: (isFocus ? focus : focus + rest) - within,
    whole: isFocus ? focus : rest,
    isOver: false,
  };
}

/* "24:59"; a second that has begun is shown whole, so it starts at 25:00 and ends at 0:00. */
export function face(left) {
  const seconds = Math.ceil(left / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/* When this tab first heard of a server's moment, on its own clocks. A page that is drawn
   anew with an old message still counts from when it came, also after a reload. */
export function heardAt(moment, { steady, wall, keep }) {
  if (!heard.has(moment)) {
    const kept = readKept(keep);
    const before = kept?.moment === moment ? Math.max(0, wall - kept.wall) : 0;
    if (!before) writeKept(keep, { moment, wall });
    heard.clear();
    heard.set(moment, { steady: steady - before, wall: wall - before });
  }
  return heard.get(moment);
}

function readKept(keep) {
  try {
    return JSON.parse(keep.getItem(KEPT) ?? "null");
  } catch {
    return null;
  }
}

function writeKept(keep, value) {
  try {
    keep.setItem(KEPT, JSON.stringify(value));
  } catch {
    // Then a reload shows an old time until the server has answered.
  }
}
