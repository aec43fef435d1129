"""A lecture: its pages, and the cards that are proposed from it."""

import reflex as rx

from studymaster.features.flashcards.page.editor import editor
from studymaster.features.flashcards.page.pile import ProposalPile
from studymaster.features.flashcards.page.study import SourcePage
from studymaster.features.flashcards.state.editor import CardEditorState
from studymaster.features.flashcards.state.lecture import LectureState
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

ROUTE = "/smart-study/lecture/[material_id]"
TITLE = "Lecture"
LINE = Line.STUDY

QUIET = "bg-transparent! text-ink! border border-hairline2 hover:bg-card2!"

PAGE_HEIGHT = "max-h-[32dvh] md:max-h-[36dvh] lg:max-h-[calc(100dvh-190px)]"
"""On a narrow screen the proposals must be in sight below the page."""


def page() -> rx.Component:
    """Show the lecture's pages beside the proposals made from them."""
    return rx.cond(
        LectureState.missing,
        _missing(),
        rx.cond(LectureState.loaded, rx.fragment(_lecture(), editor()), _coming()),
    )


def _lecture() -> rx.Component:
    material = LectureState.material
    return rx.fragment(
        controls.text_link(
            "Smart Study",
            f"/smart-study?course={material.course_id}",
            class_name="inline-flex items-center min-h-11 -mt-2 text-[14px]",
        ),
        layout.heading(material.name, material.section, actions=_make_cards()),
        rx.cond(material.mark != "", _banner("eye_off", material.mark)),
        rx.cond(material.state != "", _banner("info", material.state)),
        rx.el.div(
            _pages(),
            _proposals(),
            class_name="grid gap-6 grid-cols-[minmax(0,1fr)] "
            "lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-start",
        ),
    )


def _coming() -> rx.Component:
    return rx.fragment(
        rx.el.h1(TITLE, class_name="sr-only"),
        controls.skeleton("h-9 w-2/3", "h-[60dvh] w-full"),
    )


def _missing() -> rx.Component:
    return rx.fragment(
        rx.el.h1(TITLE, class_name="sr-only"),
        layout.card(
            controls.empty_state(
                "file_x",
                "This lecture is not in your courses",
                "The address may be mistyped, or your university took the file away. "
                "Cards you made from it are still in their deck.",
                controls.link_button("Choose another", "/smart-study"),
            ),
            class_name="max-w-[720px] mx-auto mt-[8dvh]",
        ),
    )


def _make_cards() -> rx.Component:
    return rx.fragment(
        rx.cond(
            LectureState.material.has_file,
            rx.el.a(
                controls.icon("download"),
                "File",
                href=f"/api/v1/materials/{LectureState.material.id}/file",
                target="_blank",
                rel="noreferrer",
                class_name=controls.BUTTON_KINDS["ghost"],
            ),
        ),
        rx.cond(
            LectureState.material.readable,
            _make(),
        ),
    )


def _make() -> rx.Component:
    """Return one button for all states: another element would lose the focus.

    While proposals wait, accepting them is the one primary action; then reviewing is.
    """
    is_quiet = (LectureState.open_count > 0) | _has_moved_on()
    return controls.button(
        rx.cond(LectureState.generation.unfinished, "Making cards", "Make cards"),
        class_name=rx.cond(is_quiet, QUIET, ""),
        icon_name="sparkles",
        keys="M",
        loading=LectureState.generation.unfinished,
        on_click=LectureState.make_cards,
    )


def _banner(icon_name: str, words: controls.Text) -> rx.Component:
    return rx.el.p(
        controls.icon(icon_name),
        words,
        class_name="line-focus tint flex items-start gap-3 rounded-xl px-4 py-3 mb-6",
    )


def _pages() -> rx.Component:
    return rx.el.section(
        rx.cond(
            LectureState.material.page_count > 0,
            rx.fragment(_stepper(), _open_page()),
            rx.el.p("There are no pages to show.", class_name="text-ink2"),
        ),
        aria_label="Pages",
        class_name="surface p-4 lg:sticky lg:top-[34px]",
    )


def _stepper() -> rx.Component:
    number, last = LectureState.page_number, LectureState.material.page_count
    return rx.el.div(
        _step("Previous page", "chevron_left", key="arrowleft", hint="←", to=number - 1),
        rx.el.p(
            f"Page {number} of {last}",
            aria_live="polite",
            class_name="text-[14px] font-medium text-ink2 tabular-nums",
        ),
        rx.el.div(
            rx.cond(LectureState.material.pictured, _cover()),
            _step("Next page", "chevron_right", key="arrowright", hint="→", to=number + 1),
            class_name="flex items-center",
        ),
        class_name="flex items-center justify-between mb-2",
    )


def _cover() -> rx.Component:
    return controls.icon_button(
        "Cover places on this page",
        "square_dashed",
        on_click=CardEditorState.open_page(
            LectureState.material.id, LectureState.page_number
        ),
        custom_attrs={"data-key": "c", "data-key-hint": "C"},
    )


def _step(label: str, icon_name: str, *, key: str, hint: str, to: int) -> rx.Component:
    return controls.icon_button(
        label,
        icon_name,
        on_click=LectureState.go_to_page(to),
        disabled=(to < 1) | (to > LectureState.material.page_count),
        custom_attrs={"data-key": key, "data-key-hint": hint},
        class_name="disabled:opacity-40",
    )


def _open_page() -> rx.Component:
    material, number = LectureState.material, LectureState.page_number
    address = f"/api/v1/materials/{material.id}/pages/{number}"
    ahead = f"/api/v1/materials/{material.id}/pages/{number + 1}.webp?width=1200"
    return rx.cond(
        material.pictured,
        rx.el.div(
            SourcePage.create(
                picture=f"{address}.webp?width=1200",
                marks=f"{address}/marks",
                quote=_quote_here(),
                label=f"Page {number} of {material.name}",
                ahead=rx.cond(number < material.page_count, ahead, ""),
            ),
            custom_attrs={"data-scroll": ""},
            class_name=f"{PAGE_HEIGHT} overflow-y-auto rounded-[10px]",
            tab_index=0,
            role="group",
            aria_label="Open page",
        ),
        _page_text(),
    )


def _quote_here() -> rx.Var[str]:
    chosen = LectureState.chosen
    return rx.cond(chosen.page == LectureState.page_number, chosen.quote, "")


def _page_text() -> rx.Component:
    """Show the words of a page; the chosen quote stands above them, as it cannot be marked."""
    return rx.el.div(
        rx.cond(
            _quote_here() != "",
            rx.el.p(
                rx.el.mark(_quote_here(), class_name="bg-study/30 text-paper-ink"),
                class_name="pb-4 mb-4 border-b border-paper-ink/15",
            ),
        ),
        rx.el.div(LectureState.page_text, class_name="whitespace-pre-wrap"),
        class_name="bg-paper text-paper-ink font-study text-[16px] leading-relaxed rounded-[10px] "
        f"p-6 {PAGE_HEIGHT} overflow-y-auto",
        tab_index=0,
        role="group",
        aria_label="Open page",
    )


def _proposals() -> rx.Component:
    generation = LectureState.generation
    return layout.section(
        "Proposals",
        rx.el.p(
            rx.cond(_has_moved_on() | _still_wait(), "", generation.sentence),
            role="status",
            class_name="text-[14px] text-ink2 mb-3 empty:hidden",
        ),
        rx.cond(generation.unfinished, _working()),
        ProposalPile.create(
            rx.cond(generation.unfinished, rx.fragment(), _no_proposals()),
            key=LectureState.material.id,
            proposals=LectureState.proposals,
            open_count=LectureState.open_count,
            chosen_id=LectureState.chosen.id,
            saved=LectureState.saved,
            on_choose=LectureState.choose,
            on_accept=LectureState.accept,
            on_reject=LectureState.reject,
            on_save=LectureState.save_edit,
            on_accept_all=LectureState.accept_all,
            undo=LectureState.undo,
            on_take_back=LectureState.take_back,
        ),
        rx.cond(LectureState.open_count > LectureState.shown_count, _more()),
    )


def _has_moved_on() -> rx.Var[bool]:
    """Say whether some of the new proposals are decided, so that their count is old news."""
    generation = LectureState.generation
    is_done = generation.state == "done"
    return rx.Var.create(is_done & (LectureState.open_count < generation.found))


def _still_wait() -> rx.Var[bool]:
    """Say whether a making that found nothing new left the proposals of the one before."""
    generation = LectureState.generation
    is_done = generation.state == "done"
    found_none = generation.found == 0
    return rx.Var.create(is_done & found_none & (LectureState.open_count > 0))


def _working() -> rx.Component:
    return layout.card(
        controls.skeleton("h-5 w-4/5", "h-4 w-3/5", "h-9 w-44"), class_name="mb-4"
    )


def _more() -> rx.Component:
    return controls.button(
        "Show more", kind="ghost", on_click=LectureState.show_more, class_name="mt-4"
    )


def _no_proposals() -> rx.Component:
    return rx.cond(
        LectureState.material.readable,
        rx.cond(_has_moved_on(), _all_decided(), _none_yet()),
        layout.card(
            controls.empty_state(
                "file_x",
                "No cards from this one",
                "You can still look at it here, and type cards by hand.",
                controls.link_button("Choose another", "/smart-study", kind="ghost"),
            )
        ),
    )


def _all_decided() -> rx.Component:
    waiting = LectureState.waiting
    count = LectureState.generation.found
    return layout.card(
        controls.empty_state(
            "check",
            rx.cond(count == 1, "The proposal is decided", f"All {count} decided"),
            rx.cond(
                waiting > 0,
                "What you accepted is in your deck and can be reviewed now.",
                "What you accepted is in your deck. Nothing of this course waits today.",
            ),
            rx.cond(
                waiting > 0,
                controls.link_button(
                    rx.cond(waiting == 1, "Review 1 card", f"Review {waiting} cards"),
                    f"/smart-study/review?course={LectureState.material.course_id}",
                    icon_name="play",
                ),
                rx.fragment(),
            ),
        )
    )


def _none_yet() -> rx.Component:
    return layout.card(
        controls.empty_state(
            "sparkles",
            "No proposals wait here",
            "Make cards from this lecture. Each proposal shows the page and the very "
            "words it comes from, and becomes a card only when you accept it.",
        )
    )
