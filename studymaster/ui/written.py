"""What a student studies or wrote, shown as its Markdown means it."""

from typing import Final

import reflex as rx

from studymaster.ui.controls import Prop

SOURCE: Final = rx.asset("written.jsx", shared=True).importable_path
for _beside in ("formula.jsx", "code.jsx", "runs.js", "grammars.js"):
    rx.asset(_beside, shared=True)  # written.jsx takes them from beside itself
PACKAGES: Final = [
    "react-markdown@10.1.0",
    "remark-gfm@4.0.1",
    "katex@0.19.1",
    "lowlight@3.3.0",
    "highlight.js@11.11.1",
]
"""What `written.jsx` needs; a component whose file imports it needs them too."""


class Written(rx.Component):
    """Shows Markdown, formulas and code; HTML in it stays text, and the text decides its own direction.

    `gap` says what stands at the gap `{{c1::words::hint}}` whose number is `asked` (0: the
    first): "blank", or "filled" for the words marked; other gaps are filled. With "blanks"
    every gap is one. With `media` the student's own pictures and sounds are shown.
    With `phrase` it may stand inside a button or a link.
    """

    library = SOURCE
    tag = "Written"
    lib_dependencies: list[str] = PACKAGES

    text: rx.Var[Prop]
    gap: rx.Var[str]
    asked: rx.Var[int]
    media: rx.Var[bool]
    phrase: rx.Var[bool]
