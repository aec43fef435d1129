// Moves the focus to a page that was reached inside the tab, so that the keyboard and a screen
// reader go on there, and from a closed window back to where it was before. The first page of a
// tab leaves the focus to the browser.
import { useEffect } from "react";
import { useLocation } from "react-router";

const WINDOW = '[role="dialog"]';

let shown = null;

function isWindow(node) {
  return node.matches?.(WINDOW) || node.querySelector?.(WINDOW);
}

/* Radix gives the focus back to what opened a window only where it knows what that was. */
function useWayBack() {
  useEffect(() => {
    let last = null;
    const note = ({ target }) => {
      if (!target.closest?.(WINDOW)) last = target;
    };
    const goBack = () => {
      const isLost = document.activeElement === document.body;
      if (isLost && !document.querySelector(WINDOW)) last?.focus({ preventScroll: true });
    };
    const watcher = new MutationObserver((changes) => {
      const gone = changes.flatMap(({ removedNodes }) => [...removedNodes]);
      if (gone.some(isWindow)) setTimeout(goBack);
    });
    document.addEventListener("focusin", note);
    watcher.observe(document.body, { childList: true });
    return () => {
      document.removeEventListener("focusin", note);
      watcher.disconnect();
    };
  }, []);
}

export function Arrival({ landmark }) {
  const { pathname } = useLocation();
  useWayBack();

  useEffect(() => {
    const before = shown;
    shown = pathname;
    if (before === null || before === pathname) return;
    const page = document.getElementById(landmark);
    if (!page?.contains(document.activeElement)) page?.focus({ preventScroll: true });
  }, [landmark, pathname]);

  return null;
}
