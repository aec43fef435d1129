"""A lecture: its pages, and the cards that are proposed from it."""

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.flashcards.page.study import SourcePage
from studymaster.features.flashcards.schemas import ProposalView
from studymaster.features.flashcards.state.lecture import LectureState
from studymaster.ui import controls, layout
from studymaster.ui.theme import Line

ROUTE = "/smart-study/lecture/[material_id]"
TITLE = "Lecture"
LINE = Line.STUDY

LONGEST_SIDE = 2_000

PAGE_HEIGHT = "max-h-[32dvh] md:max-h-[46dvh] lg:max-h-[calc(100dvh-190px)]"
"""On a narrow screen the proposals must be in sight below the page."""


def page() -> rx.Component:
    """Show the lecture's pages beside the proposals made from them."""
    return rx.cond(
        LectureState.missing,
        _missing(),
        rx.cond(LectureState.loaded, _lecture(), _coming()),
    )


def _lecture() -> rx.Component:
    material = LectureState.material
    return rx.fragment(
        controls.text_link(
            "Smart Study",
            f"/smart-study?course={material.course_id}",
            class_name="inline-block text-[14px] mb-2",
        ),
        layout.heading(material.name, material.section, actions=_make_cards()),
        rx.cond(material.state != "", _obstacle()),
        rx.el.div(
            _pages(),
            _proposals(),
            class_name="grid gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-start",
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
            LectureState.material.page_count > 0,
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
            # While proposals wait, accepting them is the one primary action.
            rx.cond(LectureState.open_count > 0, _make("ghost"), _make("primary")),
        ),
    )


def _make(kind: controls.Kind) -> rx.Component:
    return controls.button(
        rx.cond(LectureState.generation.unfinished, "Making cards", "Make cards"),
        kind=kind,
        icon_name="sparkles",
        keys="M",
        loading=LectureState.generation.unfinished,
        on_click=LectureState.make_cards,
    )


def _obstacle() -> rx.Component:
    return rx.el.p(
        controls.icon("info"),
        LectureState.material.state,
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
        _step("Next page", "chevron_right", key="arrowright", hint="→", to=number + 1),
        class_name="flex items-center justify-between mb-2",
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
    return layout.section(
        "Proposals",
        rx.el.p(
            LectureState.generation.sentence,
            role="status",
            class_name="text-[14px] text-ink2 mb-3 empty:hidden",
        ),
        rx.cond(LectureState.generation.unfinished, _working()),
        rx.cond(LectureState.open_count > 0, _pile(), _no_proposals()),
        action=rx.cond(LectureState.open_count > 1, _accept_all()),
    )


def _working() -> rx.Component:
    return layout.card(
        controls.skeleton("h-5 w-4/5", "h-4 w-3/5", "h-9 w-44"), class_name="mb-4"
    )


def _accept_all() -> rx.Component:
    return rx.el.button(
        f"Accept all {LectureState.open_count}",
        type="button",
        on_click=LectureState.accept_all,
        class_name="min-h-11 px-3 -my-3 rounded-lg font-semibold text-ink hover:bg-card2",
    )


def _no_proposals() -> rx.Component:
    return rx.cond(
        LectureState.generation.unfinished,
        rx.fragment(),
        rx.cond(
            LectureState.material.readable,
            layout.card(
                controls.empty_state(
                    "sparkles",
                    "No proposals wait here",
                    "Make cards from this lecture. Each proposal shows the page and the very "
                    "words it comes from, and becomes a card only when you accept it.",
                )
            ),
            layout.card(
                controls.empty_state(
                    "file_x",
                    "No cards from this one",
                    LectureState.material.state,
                )
            ),
        ),
    )


def _pile() -> rx.Component:
    return rx.fragment(
        rx.el.ul(
            rx.foreach(LectureState.proposals, _proposal),
            class_name="flex flex-col gap-3 list-none",
        ),
        rx.cond(
            LectureState.open_count > LectureState.shown_count,
            controls.button(
                "Show more",
                kind="ghost",
                on_click=LectureState.show_more,
                class_name="mt-4",
            ),
        ),
    )


def _proposal(proposal: ObjectVar[ProposalView]) -> rx.Component:
    is_chosen = LectureState.chosen.id == proposal.id
    return rx.el.li(
        rx.cond(
            is_chosen & LectureState.editing,
            _edit_form(),
            rx.fragment(
                _sides(proposal),
                rx.cond(is_chosen, _decisions(proposal)),
            ),
        ),
        class_name=rx.cond(
            is_chosen,
            "surface p-0! border-study! line-study",
            "surface p-0! line-study",
        ),
        key=proposal.id,
    )


def _sides(proposal: ObjectVar[ProposalView]) -> rx.Component:
    return rx.el.button(
        rx.el.span(
            proposal.question,
            class_name="block font-study text-[18px] leading-snug text-ink whitespace-pre-wrap",
        ),
        rx.el.span(
            proposal.back,
            class_name="block font-study text-[16px] leading-snug text-ink2 mt-2 "
            "whitespace-pre-wrap",
        ),
        rx.el.span(
            controls.chip(f"p. {proposal.page}"),
            rx.cond(proposal.kind == "cloze", controls.chip("Fill the gap")),
            class_name="flex gap-1.5 mt-3",
        ),
        type="button",
        aria_pressed=LectureState.chosen.id == proposal.id,
        on_click=LectureState.choose(proposal.id),
        class_name="block w-full text-left px-5 py-4 rounded-2xl",
    )


def _decisions(proposal: ObjectVar[ProposalView]) -> rx.Component:
    return rx.el.div(
        controls.button(
            "Accept",
            icon_name="check",
            keys="A",
            on_click=LectureState.accept(proposal.id),
        ),
        controls.button(
            "Edit",
            kind="ghost",
            icon_name="pencil",
            keys="E",
            on_click=LectureState.edit(proposal.id),
        ),
        controls.button(
            "Reject",
            kind="ghost",
            icon_name="x",
            keys="R",
            on_click=LectureState.reject(proposal.id),
        ),
        class_name="flex flex-wrap gap-2.5 px-5 pb-5",
    )


def _edit_form() -> rx.Component:
    chosen = LectureState.chosen
    return rx.el.form(
        controls.text_area(
            "Front",
            name="front",
            default_value=chosen.front,
            max_length=LONGEST_SIDE,
            required=True,
            auto_focus=True,
            rows=3,
            class_name="font-study text-[18px]",
        ),
        rx.cond(
            chosen.kind == "cloze",
            rx.el.p(
                "The words between {{c1:: and }} are the gap.",
                class_name="text-[13px] text-ink2",
            ),
            controls.text_area(
                "Back",
                name="back",
                default_value=chosen.back,
                max_length=LONGEST_SIDE,
                required=True,
                rows=4,
                class_name="font-study text-[18px]",
            ),
        ),
        rx.el.div(
            controls.button("Accept", type="submit", icon_name="check"),
            controls.button("Cancel", kind="ghost", on_click=LectureState.cancel_edit),
            class_name="flex gap-2.5",
        ),
        on_submit=LectureState.save_edit,
        class_name="flex flex-col gap-4 p-5",
    )
