"""All cards: searched, filtered, chosen, and moved, suspended or deleted together."""

import reflex as rx

from studymaster.features.flashcards.page.address import ListAddress
from studymaster.features.flashcards.page.bulk import bar, deleting, undo
from studymaster.features.flashcards.page.editor import deck_option, editor
from studymaster.features.flashcards.page.replacing import openers
from studymaster.features.flashcards.page.searches import kept_searches
from studymaster.features.flashcards.page.table import COLUMNS, CardTable
from studymaster.features.flashcards.schemas import MOST_CHOSEN
from studymaster.features.flashcards.state.browse import BrowseState
from studymaster.features.flashcards.state.chosen import ChosenState
from studymaster.features.flashcards.state.editor import CardEditorState
from studymaster.ui import controls, layout
from studymaster.ui.controls import FIELD, LABEL
from studymaster.ui.folding import folded
from studymaster.ui.rooms import rooms
from studymaster.ui.theme import Line

ROUTE = "/smart-study/cards"
TITLE = "Cards"
LINE = Line.STUDY

TYPING_MS = 300
TABLE = "card-table"
WIDE = "col-span-full"
EXAMPLES = (
    ("cell wall", "both words, on either side of a card or as a tag"),
    ('"cell wall"', "these words side by side"),
    ("mito*ion  c_t", "* for any letters, _ for one"),
    ("-wall", "cards without the word"),
    ("(plant or animal) cell", "one or the other"),
    ("deck:Latin  course:BIO*", "by deck or course"),
    ('tag:exam  source:"lecture 3"', "by tag, or by the file that a card was made from"),
    ("is:due", "also is:new, is:learn, is:suspended, is:buried, is:leech"),
    ("flag:1", "red; 2 orange, 3 green, 4 blue, 5 pink, 6 turquoise, 7 purple, 0 none"),
    ("added:7", "made in the last 7 days"),
    ("rated:3  rated:3:1", "answered in the last 3 days; with the first button, Again"),
    (
        "prop:ivl>30",
        "rests for more than 30 days; also prop:due=1, prop:reps<3, prop:lapses>4",
    ),
    ("prop:ease<1.5", "hard for you: an easiness under 1.5"),
    ("prop:retrievability<0.8", "known today with a chance under 80 %, in a deck by FSRS"),
    ("prop:stability<7", "also prop:difficulty>8 (1 to 10), in a deck by FSRS"),
    ('\\* \\_ \\: \\"', "the signs themselves"),
)
STAGES = (
    ("", "All"),
    ("new", "New"),
    ("learning", "Again today"),
    ("due", "Due"),
    ("resting", "Resting"),
    ("suspended", "Suspended"),
    ("buried", "Buried"),
)


def page() -> rx.Component:
    """Show the search above a page of cards."""
    return rx.el.div(
        layout.heading(TITLE, _summary(), actions=_add()),
        rooms(ROUTE),
        _filters(),
        kept_searches(openers()),
        undo(),
        rx.el.p(
            rx.cond(
                BrowseState.problem.sentence != "",
                BrowseState.problem.sentence,
                rx.cond(_is_filtered(), _summary(), ""),
            ),
            role="status",
            class_name="sr-only",
        ),
        rx.cond(
            BrowseState.loaded,
            rx.cond(BrowseState.rows, _cards(), _nothing()),
            controls.skeleton("h-16 w-full", "h-16 w-full", "h-16 w-full"),
        ),
        rx.cond(BrowseState.loaded, _address()),
        deleting(),
        editor(aside=True),
        class_name=rx.cond(CardEditorState.is_open, "xl:pr-[424px]", ""),
    )


def _address() -> rx.Component:
    state = BrowseState
    return ListAddress.create(
        filters={
            "deck": state.deck,
            "state": state.stage,
            "tag": state.tag,
            "search": state.text,
            "order": state.order,
        },
        page=1,
        list=TABLE,
    )


def _is_filtered() -> rx.Var[bool]:
    state = BrowseState
    filters = (state.text, state.stage, state.tag, state.deck)
    return rx.Var.create([*filters]).to(list[str]).join("") != ""


def _summary() -> rx.Var[str]:
    total = BrowseState.total
    found = rx.cond(total == 1, "1 card", f"{total} cards")
    words = rx.cond(_is_filtered(), f"{found} found.", f"{found} in all your decks.")
    return rx.cond(BrowseState.loaded, words, "Everything you learn, in one list.")


def _add() -> rx.Component:
    return controls.button(
        "Add card",
        icon_name="plus",
        keys="A",
        on_click=CardEditorState.open_new(BrowseState.deck),
    )


def _filters() -> rx.Component:
    state = BrowseState
    return layout.card(
        _search(),
        _choice(
            "Deck",
            rx.el.option("All decks", value=""),
            rx.foreach(state.choices, deck_option),
            value=state.deck,
            on_change=state.choose_deck,
        ),
        _choice(
            "State",
            *[rx.el.option(words, value=value) for value, words in STAGES],
            value=state.stage,
            on_change=state.choose_stage,
        ),
        _choice(
            "Tag",
            rx.el.option("All tags", value=""),
            rx.foreach(state.tags, _tag_option),
            value=state.tag,
            on_change=state.choose_tag,
        ),
        rx.cond(state.problem.sentence != "", _place()),
        _help(),
        role="search",
        aria_label="Cards",
        class_name="grid gap-4 sm:grid-cols-2 xl:grid-cols-[minmax(0,2fr)_repeat(3,minmax(0,1fr))] "
        "mb-6",
    )


def _search() -> rx.Component:
    state = BrowseState
    return controls.text_field(
        "Search",
        name="search",
        type="search",
        key=state.visit,
        default_value=state.text,
        placeholder="Words, or is:due tag:exam",
        problem=state.problem.sentence,
        on_change=state.search.debounce(TYPING_MS),
        auto_capitalize="off",
        custom_attrs={"dir": "auto"},
    )


def _place() -> rx.Component:
    """Show the search that cannot be read, with the place where it is wrong marked."""
    problem = BrowseState.problem
    return rx.el.p(
        problem.before,
        rx.el.mark(
            rx.cond(problem.piece != "", problem.piece, "?"),
            class_name="bg-transparent text-acct-ink font-bold underline decoration-wavy "
            "underline-offset-4",
        ),
        problem.after,
        aria_hidden="true",  # the sentence beside the field says the same
        custom_attrs={"dir": "auto"},
        class_name=f"{WIDE} font-mono text-[14px] whitespace-pre-wrap break-words",
    )


def _help() -> rx.Component:
    return folded(
        "What you can search for",
        rx.el.dl(
            *[
                rx.el.div(
                    rx.el.dt(rx.el.code(example, class_name="break-words")),
                    rx.el.dd(meaning, class_name="text-ink2"),
                    class_name="grid sm:grid-cols-[minmax(0,15rem)_minmax(0,1fr)] gap-x-4 py-1",
                )
                for example, meaning in EXAMPLES
            ],
            class_name="text-[14px]",
        ),
        class_name=WIDE,
    )


def _choice(label: str, *options: controls.Prop, **props: controls.Prop) -> rx.Component:
    field = f"filter-{label.lower()}"
    return rx.el.div(
        rx.el.label(label, html_for=field, class_name=LABEL),
        rx.el.select(*options, id=field, class_name=FIELD, **props),
    )


def _tag_option(tag: rx.Var[str]) -> rx.Component:
    return rx.el.option(tag, value=tag)


def _cards() -> rx.Component:
    state = BrowseState
    editing = CardEditorState
    open_id = rx.cond(editing.is_open, editing.draft.id, "").to(str)
    return rx.fragment(
        bar(),
        rx.el.div(
            CardTable.create(
                rows=state.rows,
                total=state.total,
                first=state.first,
                stamp=state.stamp,
                view=_view(),
                order=state.order,
                columns=COLUMNS,
                picked=state.picked,
                pick=state.pick,
                all_found=state.all_found,
                most=MOST_CHOSEN,
                open_id=open_id,
                on_window=state.show_window,
                on_choose=ChosenState.choose,
                on_between=ChosenState.choose_between,
                on_open=editing.open_card,
                on_order=state.sort,
                on_remove=ChosenState.ask_delete(True),  # noqa: FBT003
            ),
            id=TABLE,
        ),
    )


def _view() -> rx.Var[str]:
    """Return what tells one table from another: its filters and its order."""
    state = BrowseState
    told = (state.text, state.stage, state.tag, state.deck, state.order)
    return rx.Var.create([*told]).to(list[str]).join("\n")


def _nothing() -> rx.Component:
    return layout.card(
        rx.cond(
            _is_filtered(),
            controls.empty_state(
                "search",
                "No card is like that",
                "Try fewer words or conditions, or look in all decks.",
                controls.button(
                    "Show all cards", kind="ghost", on_click=BrowseState.show_all
                ),
            ),
            controls.empty_state(
                "layers",
                "No cards yet",
                "Add one by hand, or open a lecture and have cards proposed from it.",
                controls.link_button("Choose a lecture", "/smart-study", kind="ghost"),
            ),
        )
    )
