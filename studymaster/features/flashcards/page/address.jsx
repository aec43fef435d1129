// Keeps the filters of a list in the address, so that a reload or a shared link shows the
// same rows, and goes to the top of the list when another page of it comes.
import { useEffect, useRef } from "react";

/* `filters`: what to keep, by its name in the address; `list`: the id of the list. */
export function ListAddress({ filters, page, list }) {
  const before = useRef(page);
  const query = Object.entries({ ...filters, page: page > 1 ? String(page) : "" })
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");

  useEffect(() => {
    const { pathname, search } = window.location;
    const wanted = query ? `?${query}` : "";
    if (search !== wanted) window.history.replaceState(window.history.state, "", pathname + wanted);
  }, [query]);

  useEffect(() => {
    if (before.current === page) return;
    before.current = page;
    const target = document.getElementById(list);
    target?.scrollIntoView({ block: "start" });
    target?.focus({ preventScroll: true });
  }, [page, list]);

  return null;
}
