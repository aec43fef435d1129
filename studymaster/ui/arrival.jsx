// Moves the focus to a page that was reached inside the tab, so that the keyboard and a screen
// reader go on there. The first page of a tab leaves the focus to the browser.
import { useEffect } from "react";
import { useLocation } from "react-router";

let shown = null;

export function Arrival({ landmark }) {
  const { pathname } = useLocation();

  useEffect(() => {
    const before = shown;
    shown = pathname;
    if (before === null || before === pathname) return;
    const page = document.getElementById(landmark);
    if (!page?.contains(document.activeElement)) page?.focus({ preventScroll: true });
  }, [landmark, pathname]);

  return null;
}
