"""Smart Study: the decks by course, and what lies in a course."""

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.flashcards.page.editor import editor
from studymaster.features.flashcards.page.settings import deck_settings, settings_button
from studymaster.features.flashcards.page.shelf import own_decks
from studymaster.features.flashcards.schemas import DeckView
from studymaster.features.flashcards.state.decks import DecksState
from studymaster.features.flashcards.state.editor import CardEditorState
from studymaster.features.library.page import remove_button, upload_box
from studymaster.features.library.schemas import MaterialView, SectionView
from studymaster.ui import controls, layout
from studymaster.ui.rooms import rooms
from studymaster.ui.theme import Line

ROUTE = "/smart-study"
TITLE = "Smart Study"
LINE = Line.STUDY

FIGURE = "display text-[22px] font-[650] leading-tight"
KIND_ICONS = {
    "page": "file_text",
    "chapter": "book_open",
    "glossary": "book_a",
    "link": "link",
    "activity": "external_link",
}


def page() -> rx.Component:
    """Show what waits by course, and the way into every lecture."""
    return rx.fragment(
        layout.heading(TITLE, _summary(), actions=rx.fragment(_add_card(), _review_all())),
        rooms(ROUTE),
        rx.cond(
            DecksState.loaded,
            rx.fragment(
                rx.cond(DecksState.decks, _decks(), _no_courses()),
                own_decks(),
            ),
            controls.skeleton("h-28 w-full", "h-28 w-full", "h-28 w-full"),
        ),
        editor(),
        deck_settings(),
    )


def _add_card() -> rx.Component:
    return controls.button(
        "Add card",
        kind="ghost",
        icon_name="plus",
        keys="A",
        on_click=CardEditorState.open_new(""),
    )


def _summary() -> rx.Var[str]:
    return rx.cond(
        DecksState.waiting > 0,
        rx.cond(
            DecksState.waiting == 1,
            "1 card waits for you today.",
            f"{DecksState.waiting} cards wait for you today.",
        ),
        "Nothing waits for you today.",
    )


def _review_all() -> rx.Component:
    return rx.cond(
        DecksState.waiting > 0,
        controls.link_button(
            f"Review all ({DecksState.waiting})",
            "/smart-study/review",
            icon_name="play",
            keys="R",
        ),
    )


def _no_courses() -> rx.Component:
    return layout.card(
        rx.match(
            DecksState.why_empty,
            (
                "unlisted",
                controls.empty_state(
                    "book_open",
                    "Moodle lists no courses for you",
                    "Once you are enrolled in one, the next sync brings it here. Until then "
                    "you can type cards of your own: make a deck for them.",
                    controls.link_button("Open Live Sync", "/live-sync", kind="ghost"),
                ),
            ),
            (
                "unsynced",
                controls.empty_state(
                    "refresh_cw",
                    "Your courses are on their way",
                    "Your Moodle is connected. Its courses and lectures appear here by "
                    "themselves.",
                    controls.link_button("Watch the sync", "/live-sync", kind="ghost"),
                ),
            ),
            controls.empty_state(
                "layers",
                "No courses yet",
                "Connect your Moodle. Your courses and lectures then arrive here, and you "
                "can turn any lecture into cards.",
                controls.link_button(
                    "Connect Moodle", "/live-sync", icon_name="refresh_cw"
                ),
            ),
        )
    )


def _decks() -> rx.Component:
    return rx.el.ul(
        rx.foreach(DecksState.decks, _deck), class_name="flex flex-col gap-4 list-none"
    )


def _deck(deck: ObjectVar[DeckView]) -> rx.Component:
    is_open = DecksState.open_course == deck.course_id
    return rx.el.li(
        layout.card(
            rx.el.div(
                _deck_name(deck),
                _deck_counts(deck),
                _deck_actions(deck, is_open=is_open),
                class_name="flex flex-wrap items-center gap-x-8 gap-y-4",
            ),
            rx.cond(is_open, _materials()),
        ),
        class_name=f"course-{deck.line}",
        key=deck.course_id,
    )


def _deck_name(deck: ObjectVar[DeckView]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h2(
                controls.dot(),
                rx.el.span(deck.shortname, class_name="text-hue-ink"),
                class_name="flex items-center gap-2.5 text-[13.5px] font-semibold",
            ),
            rx.el.p(
                deck.fullname,
                class_name="display text-[19px] font-semibold leading-snug mt-1",
            ),
            class_name="flex-1 min-w-0",
        ),
        settings_button(deck.key, deck.shortname),
        class_name="flex items-start gap-2 flex-1 min-w-[220px]",
    )


def _deck_counts(deck: ObjectVar[DeckView]) -> rx.Component:
    figures = (
        ("New", deck.new, "text-sync-ink"),
        ("Again", deck.learning, "text-acct-ink"),
        ("Due", deck.due, "text-campus-ink"),
        ("Cards", deck.total, "text-ink"),
    )
    return rx.el.dl(
        *[
            rx.el.div(
                rx.el.dt(name, class_name="text-[12.5px] text-ink2"),
                rx.el.dd(
                    count,
                    # Nothing is no alarm.
                    class_name=rx.cond(
                        count.to(int) > 0, f"{FIGURE} {tone}", f"{FIGURE} text-ink3"
                    ),
                ),
                class_name="min-w-[44px]",
            )
            for name, count, tone in figures
        ],
        class_name="flex gap-6",
    )


def _deck_actions(deck: ObjectVar[DeckView], *, is_open: bool) -> rx.Component:
    return rx.el.div(
        rx.cond(
            deck.waiting.to(int) > 0,
            controls.link_button(
                "Review", f"/smart-study/review?course={deck.course_id}", kind="ghost"
            ),
        ),
        rx.cond(
            deck.total.to(int) > 0,
            controls.page_link(
                "Cards",
                href=f"/smart-study/cards?deck={deck.key}",
                aria_label=f"Cards of {deck.shortname}",
                class_name=controls.BUTTON_KINDS["ghost"],
            ),
        ),
        rx.el.button(
            rx.cond(is_open, "Close", "Lectures"),
            rx.cond(is_open, controls.icon("chevron_up"), controls.icon("chevron_down")),
            type="button",
            aria_expanded=is_open,
            aria_label=rx.cond(
                is_open,
                f"Close the lectures of {deck.shortname}",
                f"Lectures of {deck.shortname}",
            ),
            on_click=DecksState.toggle_course(deck.course_id),
            class_name=controls.BUTTON_KINDS["ghost"],
        ),
        class_name="flex gap-2.5 max-sm:gap-2 max-sm:w-full max-sm:*:flex-1 max-sm:*:px-3!",
    )


def _materials() -> rx.Component:
    return rx.el.div(
        rx.cond(
            DecksState.sections,
            rx.foreach(DecksState.sections, _section),
            rx.el.p(
                "Nothing has arrived from this course yet. It comes with the next sync.",
                class_name="text-ink2",
            ),
        ),
        rx.cond(
            DecksState.more > 0,
            controls.button(
                f"Show more ({DecksState.more} left)",
                kind="ghost",
                on_click=DecksState.show_more,
            ),
        ),
        rx.el.div(upload_box(DecksState.open_course)),
        class_name="mt-5 pt-5 border-t border-hairline flex flex-col gap-6",
    )


def _section(section: ObjectVar[SectionView]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(
            rx.cond(section.name == "", "General", section.name),
            class_name="text-[14px] font-semibold text-ink2 mb-2",
        ),
        rx.el.ul(
            rx.foreach(section.materials, _material),
            class_name="list-none divide-y divide-hairline",
        ),
    )


def _material(material: ObjectVar[MaterialView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.match(
                material.kind,
                *[(kind, controls.icon(name)) for kind, name in KIND_ICONS.items()],
                controls.icon("file"),
            ),
            class_name="text-ink3 mt-0.5",
        ),
        rx.el.div(
            rx.el.p(material.name, class_name="font-medium text-ink"),
            rx.el.p(
                material.state, class_name="text-[13px] text-ink2 empty:hidden max-w-[62ch]"
            ),
            rx.el.div(_facts(material), class_name="flex flex-wrap gap-1.5 mt-1.5"),
            class_name="flex-1 min-w-0",
        ),
        _open(material),
        rx.cond(material.own, remove_button(material.id, material.name)),
        class_name="flex items-start gap-3.5 py-3",
        key=material.id,
    )


def _facts(material: ObjectVar[MaterialView]) -> rx.Component:
    return rx.fragment(
        rx.cond(material.fresh, controls.chip("New", line=Line.SYNC.hue)),
        _count(material.page_count, "page"),
        _count(material.proposals_open, "proposal", line=Line.STUDY.hue),
        _count(material.cards, "card"),
    )


def _count(number: rx.Var[int], noun: str, *, line: str = "") -> rx.Component:
    """Show a count with its noun ("1 page", "12 pages"), and nothing for none."""
    words = rx.cond(number.to(int) == 1, f"1 {noun}", f"{number} {noun}s")
    return rx.cond(number.to(int) > 0, controls.chip(words, line=line))


def _open(material: ObjectVar[MaterialView]) -> rx.Component:
    is_link = rx.Var.create(material.kind == "link")
    return rx.cond(
        material.page_count.to(int) > 0,
        controls.link_button(
            "Open",
            f"/smart-study/lecture/{material.id}",
            kind="ghost",
            aria_label=f"Open {material.name}",
            class_name="max-sm:px-3.5!",
        ),
        rx.cond(
            material.address != "",
            rx.el.a(
                # A phone keeps the width for the name; the label says it all the same.
                rx.el.span(
                    rx.cond(is_link, "Open link", "Moodle"), class_name="max-sm:hidden"
                ),
                controls.icon("external_link", size=16),
                href=material.address,
                target="_blank",
                rel="noreferrer",
                aria_label=rx.cond(
                    is_link,
                    f"Open {material.name} on another site",
                    f"Open {material.name} in Moodle",
                ),
                class_name=f"{controls.BUTTON_KINDS['ghost']} max-sm:px-3!",
            ),
        ),
    )
