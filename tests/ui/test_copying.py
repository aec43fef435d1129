from pathlib import Path

import reflex as rx

from studymaster.ui import copying


def test_a_line_to_copy_is_labelled() -> None:
    text = str(copying.CopyLine.create(label="Invitation link", value=rx.Var.create("x")))
    assert 'label:"Invitation link"' in text


def test_what_is_to_be_copied_is_never_markup() -> None:
    source = (Path(copying.__file__).parent / "copying.jsx").read_text(encoding="utf-8")
    assert "innerHTML" not in source.replace("dangerouslySetInnerHTML", "innerHTML")
