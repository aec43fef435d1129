// Keeps an open tab signed in: renews the cookies every `seconds`, and at once when the tab
// is looked at again after a longer sleep. A refusal leads to the sign-in page and back.
import { useEffect } from "react";

function leave(signIn) {
  // What this tab held stays behind: the next one to sign in here starts with an empty tab.
  sessionStorage.removeItem("token");
  const back = window.location.pathname + window.location.search;
  window.location.assign(`${signIn}?next=${encodeURIComponent(back)}`);
}

export function SessionKeeper({ refreshPath, signIn, seconds, ended }) {
  useEffect(() => {
    let renewedAt = Date.now();

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
        // Offline: the cookies live on; the next look at the tab tries again.
        renewedAt = 0;
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
      document.removeEventListener("visibilitychange", look);
      window.removeEventListener("online", look);
    };
  }, [refreshPath, signIn, seconds]);

  useEffect(() => {
    if (ended) leave(signIn);
  }, [ended, signIn]);

  return null;
}
