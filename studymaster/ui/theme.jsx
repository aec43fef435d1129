// Applies the look kept in the account. The browser keeps its own copy, which is what the
// first paint uses; the account's word reaches a new device here.
import { useContext, useEffect } from "react";
import { ColorModeContext } from "$/utils/context";

export function ThemeKeeper({ theme }) {
  const { rawColorMode, setColorMode } = useContext(ColorModeContext);

  useEffect(() => {
    if (theme && theme !== rawColorMode) setColorMode(theme);
    // Only the account's word counts here: a choice made on this page must not be undone.
  }, [theme]);

  return null;
}
