// Keeps an open tab signed in: renews the cookies every `seconds`, and at once when the tab
// is looked at again after a longer sleep. A refusal leads to the sign-in page and back.
import { useEffect } from "react";

const RETRY_MS = 15_000;
const DRAFTS = "studymaster:draft:";

function leave(signIn) {
  // What this tab held stays behind: the next one to sign in here starts with an empty tab.
  sessionStorage.removeItem("token");
  const back = window.location.pathname + window.location.search;
  window.location.assign(`${signIn}?next=${encodeURIComponent(back)}&ended=1`);
}

// What was being typed belongs to whoever typed it, not to the next one at this tab.
function forgetDrafts() {
  Object.keys(sessionStorage)
    .filter((name) => name.startsWith(DRAFTS))
    .forEach((name) => sessionStorage.removeItem(name));
}

export function SessionKeeper({ refreshPath, signIn, signOut, seconds, ended }) {
  useEffect(() => {
    const look = ({ target }) => {
      if (target.action?.endsWith(signOut)) forgetDrafts();
    };
    document.addEventListener("submit", look);
    return () => document.removeEventListener("submit", look);
  }, [signOut]);

  useEffect(() => {
    let renewedAt = Date.now();
    let again = 0;

    const renew = async () => {
      renewedAt = Date.now();
      try {
        const answer = await fetch(refreshPath, {
          method: "POST",
          credentials: "same-origin",
          keepalive: true,
        });
        if (answer.status === 401) leave(signIn);
      } catch {
        // Offline: the cookies live on. If only the answer was lost, the old ones are good
        // for a minute more.
        renewedAt = 0;
        clearTimeout(again);
        again = setTimeout(renew, RETRY_MS);
      }
    };
    const look = () => {
      const slept = Date.now() - renewedAt > seconds * 1000;
      if (document.visibilityState === "visible" && slept) renew();
    };

    const timer = setInterval(renew, seconds * 1000);
    document.addEventListener("visibilitychange", look);
    window.addEventListener("online", look);
    return () => {
      clearInterval(timer);
      clearTimeout(again);
      document.removeEventListener("visibilitychange", look);
      window.removeEventListener("online", look);
    };
  }, [refreshPath, signIn, seconds]);

  useEffect(() => {
    if (ended) leave(signIn);
  }, [ended, signIn]);

  return null;
}
