// What colours code: the usual languages, and those that courses ask for besides.
import haskell from "highlight.js/lib/languages/haskell";
import julia from "highlight.js/lib/languages/julia";
import latex from "highlight.js/lib/languages/latex";
import matlab from "highlight.js/lib/languages/matlab";
import ocaml from "highlight.js/lib/languages/ocaml";
import prolog from "highlight.js/lib/languages/prolog";
import scala from "highlight.js/lib/languages/scala";
import x86asm from "highlight.js/lib/languages/x86asm";
import { common, createLowlight } from "lowlight";

export const grammars = createLowlight({
  ...common,
  ...{ haskell, julia, latex, matlab, ocaml, prolog, scala, x86asm },
});
