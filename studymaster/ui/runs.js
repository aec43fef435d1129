// Coloured code with gaps in it: what a grammar found, cut where the gaps of a card begin and end.

/* The runs of a tree of spans: [letters, the classes of what they stand in]. */
function runsOf(node, look = "") {
  return (node.children ?? []).flatMap((child) =>
    child.type === "text"
      ? [[child.value, look]]
      : runsOf(child, [look, ...(child.properties?.className ?? [])].filter(Boolean).join(" ")),
  );
}

/* What a code element holds, in its order: [letters, the element around them or null]. */
export const piecesOf = (code) =>
  code.children.map((child) =>
    child.type === "text"
      ? [child.value, null]
      : [child.tagName === "mark" ? child.children.map((one) => one.value).join("") : "_", child],
  );

/* The runs of each piece; a blank is one letter to the grammar, so that it is a name there. */
export function cutRuns(tree, pieces) {
  const runs = runsOf(tree);
  let at = 0;
  let used = 0;
  return pieces.map(([letters]) => {
    const cut = [];
    let left = letters.length;
    while (left > 0 && at < runs.length) {
      const [words, look] = runs[at];
      const taken = words.slice(used, used + left);
      cut.push([taken, look]);
      left -= taken.length;
      used += taken.length;
      if (used >= words.length) [at, used] = [at + 1, 0];
    }
    return cut;
  });
}
