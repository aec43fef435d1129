// A hidden field that tells the server which time zone the browser lives in.
import { useEffect, useState } from "react";

export function ZoneField({ name }) {
  const [zone, setZone] = useState("");

  useEffect(() => {
    setZone(Intl.DateTimeFormat().resolvedOptions().timeZone ?? "");
  }, []);

  return <input type="hidden" name={name} value={zone} readOnly />;
}
