// Fills in a form whose fields the browser keeps, and leaves the focus where typing goes on.
export function Filling({ form, values, focus, className, children }) {
  const fill = () => {
    const fields = document.getElementById(form)?.elements;
    if (!fields) return;
    for (const [name, value] of Object.entries(values)) fields.namedItem(name).value = value;
    document.getElementById(form).dispatchEvent(new Event("change"));
    fields.namedItem(focus).focus();
  };
  return (
    <div className={className} onClick={fill}>
      {children}
    </div>
  );
}
