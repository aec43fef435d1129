"""What runs in the browser while notes are typed, spoken and read."""

import reflex as rx

ASKING = rx.asset("asking.jsx", shared=True).importable_path
NOTEPAD = rx.asset("notepad.jsx", shared=True).importable_path
RECORDER = rx.asset("recorder.jsx", shared=True).importable_path


def _caught(
    note_id: rx.Var[str], text: rx.Var[str], kind: rx.Var[str]
) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str]]:
    """Hand over a new note under the id that the browser gave it."""
    return note_id, text, kind


def _saved(
    note_id: rx.Var[str], version: rx.Var[int], text: rx.Var[str]
) -> tuple[rx.Var[str], rx.Var[int], rx.Var[str]]:
    """Hand over what was typed, and into which version of which note."""
    return note_id, version, text


class CatchBox(rx.Component):
    """Takes a thought before it is gone; its children stand beside the button."""

    library = NOTEPAD
    tag = "CatchBox"

    account: rx.Var[str]
    caught: rx.Var[str]
    on_catch: rx.EventHandler[_caught]


class NotePad(rx.Component):
    """Saves a note while it is typed."""

    library = NOTEPAD
    tag = "NotePad"

    account: rx.Var[str]
    note_id: rx.Var[str]
    version: rx.Var[int]
    text: rx.Var[str]
    label: rx.Var[str]
    on_save: rx.EventHandler[_saved]


class AskOnCampus(rx.Component):
    """Takes a question to the form on Campus."""

    library = ASKING
    tag = "AskOnCampus"

    title: rx.Var[str]
    text: rx.Var[str]


class VoiceRecorder(rx.Component):
    """Records a voice memo into a note, or without one into a note of its own."""

    library = RECORDER
    tag = "VoiceRecorder"

    note_id: rx.Var[str]
