// The command palette: everything that has a name, found by typing; at its end, the rooms
// that can search for the typed words in what has none.
import { Command, defaultFilter } from "cmdk";
import { useEffect, useRef, useState } from "react";

// There may be hundreds of them: they are offered once something is typed.
export const LECTURES = "Lectures";
const FITS_FROM = 0.05;
const SEARCH = "Search";
// A search fits whatever is typed, and worse than anything that has a name.
const FITS_LAST = 0.001;
const MOST_WORDS = 12;
const LONGEST = 200;
const ACTIVE = "aria-activedescendant";

const GROUP =
  "[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-3 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-[13px] [&_[cmdk-group-heading]]:font-semibold [&_[cmdk-group-heading]]:text-ink2";
const ITEM =
  "flex items-center gap-3 min-h-11 px-3 rounded-[10px] text-ink cursor-pointer data-[selected=true]:bg-card2 data-[selected=true]:rounded-l-[3px] data-[selected=true]:shadow-[inset_3px_0_0_var(--hue)]";

/* Two lectures of a course may have one name; their pages tell them apart. */
function valueOf({ name, detail = "", path = "" }, group) {
  return `${name} ${detail} (${group} ${path})`;
}

function keywordsOf({ also }) {
  return also ? also.split(" ") : [];
}

function Item({ item, group, value, onChoose }) {
  return (
    <Command.Item
      value={value ?? valueOf(item, group)}
      keywords={keywordsOf(item)}
      onSelect={() => onChoose(item)}
      className={ITEM}
    >
      <span className="flex-none max-w-[75%]">{item.name}</span>
      <span className="min-w-0 truncate text-[14px] text-ink3">{item.detail}</span>
      {item.keys && (
        <kbd
          aria-hidden="true"
          className="max-md:hidden ml-auto font-body text-xs font-semibold border border-hairline2 border-b-2 rounded-md px-2 py-0.5 text-ink2"
        >
          {item.keys}
        </kbd>
      )}
    </Command.Item>
  );
}

/* Letters that merely stand somewhere in a name, far apart, find nothing, and neither do
   those of the group that it stands in. */
function fits(value, search, keywords) {
  if (keywords?.includes(SEARCH)) return FITS_LAST;
  const name = value.slice(0, value.lastIndexOf(" ("));
  const score = defaultFilter(name, search, keywords);
  return score < FITS_FROM ? 0 : score;
}

function best([group, items], search) {
  return Math.max(
    ...items.map((item) => fits(valueOf(item, group), search, keywordsOf(item))),
  );
}

/* cmdk 1.1.1 forgets to say which option is chosen once others leave the list. */
function useNamedChoice() {
  const root = useRef(null);
  useEffect(() => {
    const name = () => {
      const chosen = root.current.querySelector("[role=option][aria-selected=true]");
      for (const one of root.current.querySelectorAll("[role=combobox], [role=listbox]")) {
        if (one.getAttribute(ACTIVE) === (chosen?.id ?? null)) continue;
        if (chosen) one.setAttribute(ACTIVE, chosen.id);
        else one.removeAttribute(ACTIVE);
      }
    };
    const watcher = new MutationObserver(name);
    watcher.observe(root.current, {
      subtree: true,
      childList: true,
      attributeFilter: ["aria-selected", ACTIVE],
    });
    name();
    return () => watcher.disconnect();
  }, []);
  return root;
}

/* Leads to where cards, notes and the like can be searched, with the words filled in. */
function Searches({ searches, words, onChoose }) {
  const sought = words.split(/\s+/).slice(0, MOST_WORDS).join(" ");
  return (
    <Command.Group heading={SEARCH} className={GROUP}>
      {searches.map(({ name, path }) => (
        <Item
          key={path}
          item={{
            name,
            detail: `for “${sought}”`,
            also: SEARCH,
            path: `${path}?search=${encodeURIComponent(sought)}`,
          }}
          value={name}
          onChoose={onChoose}
        />
      ))}
    </Command.Group>
  );
}

/* `groups` are [name, items]; an item has a name and may have a detail, keys and other words.
   What is typed puts the best first, and its group with it; `searches` come last. */
export function Palette({ groups, searches, onChoose }) {
  const [search, setSearch] = useState("");
  const root = useNamedChoice();
  const words = search.trim();
  const ranked = words
    ? [...groups].sort((one, other) => best(other, words) - best(one, words))
    : groups.filter(([group]) => group !== LECTURES);
  const isNameless = words && best(ranked[0], words) === 0;
  return (
    <Command
      ref={root}
      label="Go to"
      loop
      vimBindings={false}
      filter={fits}
      className="flex flex-col min-h-0"
    >
      <Command.Input
        value={search}
        onValueChange={setSearch}
        maxLength={LONGEST}
        placeholder="Page, course, lecture or words to find"
        className="flex-none min-h-[52px] px-5 bg-transparent text-[16px] text-ink border-b border-hairline2 outline-none"
      />
      <p role="status" className="flex-none px-5 pt-4 text-ink2 empty:hidden">
        {isNameless ? `No page, course, deck, lecture or action is called “${words}”.` : ""}
      </p>
      <Command.List label="What fits" className="min-h-0 overflow-y-auto overscroll-contain p-2">
        {ranked.map(([group, items]) => (
          <Command.Group key={group} heading={group} className={GROUP}>
            {items.map((item) => (
              <Item
                key={valueOf(item, group)}
                item={item}
                group={group}
                onChoose={onChoose}
              />
            ))}
          </Command.Group>
        ))}
        {words && <Searches searches={searches} words={words} onChoose={onChoose} />}
      </Command.List>
    </Command>
  );
}
