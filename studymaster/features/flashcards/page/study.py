"""What runs in the browser while studying: the review table and a page with its quote."""

import reflex as rx

from studymaster.features.flashcards.schemas import CardFace, Counts, DayReport
from studymaster.ui.written import PACKAGES

SOURCE = rx.asset("study.jsx", shared=True).importable_path


def _graded(
    card_id: rx.Var[str],
    turn: rx.Var[int],
    grade: rx.Var[int],
    elapsed_ms: rx.Var[int],
    answer_id: rx.Var[str],
) -> tuple[rx.Var[str], rx.Var[int], rx.Var[int], rx.Var[int], rx.Var[str]]:
    """Hand over which card was graded at which turn, how, after how long, and its name."""
    return card_id, turn, grade, elapsed_ms, answer_id


def _answered(
    card_id: rx.Var[str], turn: rx.Var[int], answer_id: rx.Var[str]
) -> tuple[rx.Var[str], rx.Var[int], rx.Var[str]]:
    """Hand over which answer is taken back: of which card, at which turn, and its name."""
    return card_id, turn, answer_id


def _kept(
    waiting: rx.Var[list[dict[str, object]]],
) -> tuple[rx.Var[list[dict[str, object]]]]:
    """Hand over the answers that the browser kept until the server could hear them."""
    return (waiting,)


class ReviewTable(rx.Component):
    """Turns and grades cards at once; its children are what comes after the last card.

    `cards` are the next ones, the first on top. An answer is kept in the browser under the
    name `outbox` until its key (card:turn) stands in `settled`.
    """

    library = SOURCE
    tag = "ReviewTable"
    lib_dependencies: list[str] = PACKAGES

    cards: rx.Var[list[CardFace]]
    counts: rx.Var[Counts]
    report: rx.Var[DayReport]
    minutes_left: rx.Var[int]
    outbox: rx.Var[str]
    settled: rx.Var[list[str]]
    on_grade: rx.EventHandler[_graded]
    on_resend: rx.EventHandler[_kept]
    on_take_back: rx.EventHandler[_answered]


class SourcePage(rx.Component):
    """Shows a page as a picture and marks a quote on it; `ahead` is fetched for later."""

    library = SOURCE
    tag = "SourcePage"
    lib_dependencies: list[str] = PACKAGES

    picture: rx.Var[str]
    marks: rx.Var[str]
    quote: rx.Var[str]
    label: rx.Var[str]
    ahead: rx.Var[str]
