"""All cards: searched, filtered, chosen, and moved, suspended or deleted together."""

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.flashcards.page.address import ListAddress
from studymaster.features.flashcards.page.bulk import bar, chosen, deleting, undo
from studymaster.features.flashcards.page.editor import deck_option, editor
from studymaster.features.flashcards.page.searches import kept_searches
from studymaster.features.flashcards.schemas import CardRow
from studymaster.features.flashcards.state.browse import ROWS, BrowseState
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
LIST = "card-list"
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
    return rx.fragment(
        layout.heading(TITLE, _summary(), actions=_add()),
        rooms(ROUTE),
        _filters(),
        kept_searches(),
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
        editor(),
    )


def _address() -> rx.Component:
    state = BrowseState
    return ListAddress.create(
        filters={
            "deck": state.deck,
            "state": state.stage,
            "tag": state.tag,
            "search": state.text,
        },
        page=state.first // ROWS + 1,
        list=LIST,
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


def _tag(tag: rx.Var[str]) -> rx.Component:
    return controls.chip(f"#{tag}")


def _cards() -> rx.Component:
    return rx.fragment(
        bar(),
        layout.card(
            rx.el.ul(
                rx.foreach(BrowseState.rows, _row),
                class_name="list-none divide-y divide-hairline",
            ),
            id=LIST,
            tab_index=-1,
            class_name="py-1! outline-none scroll-mt-[calc(var(--above,0px)+72px)]",
        ),
        _pages(),
    )


def _row(row: ObjectVar[CardRow]) -> rx.Component:
    return rx.el.li(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=BrowseState.all_found | chosen().contains(row.id),
                on_change=lambda _: BrowseState.toggle(row.id),
                aria_label=f"Choose {row.front}",
                class_name="size-5 accent-[var(--hue)]",
            ),
            class_name="grid place-items-center size-11 flex-none -ml-3",
        ),
        rx.el.button(
            rx.el.span(
                row.front,
                custom_attrs={"dir": "auto"},
                class_name="block font-study text-[17px] text-ink leading-snug",
            ),
            rx.el.span(
                row.back,
                custom_attrs={"dir": "auto"},
                class_name="block text-[14px] text-ink2 leading-snug mt-0.5",
            ),
            rx.el.span(
                controls.chip(row.deck, line=f"course-{row.line}"),
                controls.chip(row.when),
                rx.cond(row.flag != "", controls.chip(f"{row.flag} flag")),
                rx.foreach(row.tags, _tag),
                class_name="flex flex-wrap gap-1.5 mt-2",
            ),
            type="button",
            on_click=CardEditorState.open_card(row.id),
            title="Change the card",
            class_name="flex-1 min-w-0 text-left py-2.5 rounded-[10px]",
        ),
        class_name="flex items-start gap-1 py-1",
        key=row.id,
    )


def _pages() -> rx.Component:
    state = BrowseState
    last = state.first + rx.Var.create(state.rows).to(list[CardRow]).length()
    return rx.cond(
        state.total > ROWS,
        rx.el.nav(
            controls.button(
                "Previous",
                kind="ghost",
                on_click=state.turn_page(-1),
                disabled=state.first == 0,
            ),
            rx.el.p(
                f"{state.first + 1} to {last} of {state.total}",
                role="status",
                class_name="text-[14px] text-ink2 tabular-nums",
            ),
            controls.button(
                "Next",
                kind="ghost",
                on_click=state.turn_page(1),
                disabled=last >= state.total,
            ),
            aria_label="Pages",
            class_name="flex flex-wrap items-center justify-between gap-3 mt-5",
        ),
    )


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
