"""What runs in the browser while studying: the review table and a page with its quote."""

import reflex as rx

from studymaster.features.flashcards.page.face import PACKAGES
from studymaster.features.flashcards.schemas import CardFace, Counts, DayReport
from studymaster.ui.controls import Prop

SOURCE = rx.asset("study.jsx", shared=True).importable_path
CITED = rx.asset("cited.jsx", shared=True).importable_path
for part in (
    "aloud.jsx",
    "deeds.jsx",
    "outbox.jsx",
    "pauses.jsx",
    "progress.jsx",
    "turn.jsx",
    "typed.jsx",
    "wording.js",
):
    rx.asset(part, shared=True)  # study.jsx takes them from beside itself


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


def _chosen(card_id: rx.Var[str]) -> tuple[rx.Var[str]]:
    """Hand over which card is meant."""
    return (card_id,)


def _put_away(
    card_id: rx.Var[str], siblings: rx.Var[bool]
) -> tuple[rx.Var[str], rx.Var[bool]]:
    """Hand over which card is put away, and whether the others of its note go with it."""
    return card_id, siblings


def _flagged(card_id: rx.Var[str], number: rx.Var[int]) -> tuple[rx.Var[str], rx.Var[int]]:
    """Hand over which card gets which flag."""
    return card_id, number


def _set_due(card_id: rx.Var[str], days: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    """Hand over which card comes in how many days, or on which date."""
    return card_id, days


def _minutes(minutes: rx.Var[str]) -> tuple[rx.Var[str]]:
    """Hand over after how many minutes a review shall pause."""
    return (minutes,)


def _kept(
    waiting: rx.Var[list[dict[str, object]]],
) -> tuple[rx.Var[list[dict[str, object]]]]:
    """Hand over the answers that the browser kept until the server could hear them."""
    return (waiting,)


class ReviewTable(rx.Component):
    """Turns and grades cards at once; its children are what comes after the last card.

    `cards` are the next ones, the first on top. An answer is kept in the browser under the
    name `outbox` until its key (card:turn) stands in `settled`. What has no event here
    cannot be done on the page. `edited` goes up whenever a card was changed in the window
    over it, `timeboxes` are the minutes to choose from. `undo_count` is how many steps the server could take back,
    `next_step_at` the moment (ISO 8601) at which the next card comes when none lies here.
    """

    library = SOURCE
    tag = "ReviewTable"
    lib_dependencies: list[str] = [*PACKAGES, "@radix-ui/react-dialog@1.3.1"]

    cards: rx.Var[list[CardFace]]
    counts: rx.Var[Counts]
    report: rx.Var[DayReport]
    minutes_left: rx.Var[int]
    outbox: rx.Var[str]
    settled: rx.Var[list[str]]
    undo_count: rx.Var[int]
    leech: rx.Var[Prop]
    next_step_at: rx.Var[str]
    timebox_minutes: rx.Var[int]
    timeboxes: rx.Var[list[int]]
    edited: rx.Var[int]
    on_grade: rx.EventHandler[_graded]
    on_resend: rx.EventHandler[_kept]
    on_take_back: rx.EventHandler[_answered]
    on_undo: rx.EventHandler[rx.event.no_args_event_spec]
    on_edit: rx.EventHandler[_chosen]
    on_flag: rx.EventHandler[_flagged]
    on_bury: rx.EventHandler[_put_away]
    on_suspend: rx.EventHandler[_put_away]
    on_set_due: rx.EventHandler[_set_due]
    on_reset: rx.EventHandler[_chosen]
    on_delete: rx.EventHandler[_chosen]
    on_bring_back: rx.EventHandler[_chosen]
    on_choose_timebox: rx.EventHandler[_minutes]
    on_look_again: rx.EventHandler[rx.event.no_args_event_spec]
    on_dismiss_leech: rx.EventHandler[rx.event.no_args_event_spec]


class SourcePage(rx.Component):
    """Shows a page as a picture and marks a quote on it; `ahead` is fetched for later."""

    library = CITED
    tag = "SourcePage"

    picture: rx.Var[str]
    marks: rx.Var[str]
    quote: rx.Var[str]
    label: rx.Var[str]
    ahead: rx.Var[str]


class EditedSource(rx.Component):
    """Shows the cited page of the card with the id `card`, one of `cards` or the `leech`."""

    library = CITED
    tag = "EditedSource"

    card: rx.Var[str]
    cards: rx.Var[list[CardFace]]
    leech: rx.Var[Prop]
