// Lets the browser itself say what is new, while nobody looks at the tab and it was allowed.
// What was there when the tab opened is old news; the same news in two tabs is said once.
import { useEffect, useRef } from "react";
import { useNavigate } from "react-router";

export function Teller({ looked, newest, at, title, text, path }) {
  const upTo = useRef(null);
  const navigate = useNavigate();

  useEffect(() => {
    if (!looked) return;
    const before = upTo.current;
    if (before === null || at > before) upTo.current = at;
    if (before === null || at <= before) return;
    if (!document.hidden || !("Notification" in window)) return;
    if (Notification.permission !== "granted") return;
    try {
      const told = new Notification(title, { body: text, tag: newest, icon: "/icon.svg" });
      told.onclick = () => {
        window.focus();
        told.close();
        if (path) navigate(path);
      };
    } catch {
      // Some phones only let a service worker speak.
      navigator.serviceWorker
        ?.getRegistration()
        .then((worker) => worker?.showNotification(title, { body: text, tag: newest }));
    }
  }, [looked, newest, at, title, text, path, navigate]);

  return null;
}
