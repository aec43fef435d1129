"""The windows in which words are replaced in many cards, and cards that are there twice."""

import reflex as rx
from reflex.vars import ArrayVar, ObjectVar

from studymaster.features.flashcards.rules.replacing import LONGEST
from studymaster.features.flashcards.schemas import Changed, Twin, Twins
from studymaster.features.flashcards.state.replacing import DuplicatesState, ReplaceState
from studymaster.ui import controls

SIDES = (
    ("all", "Front, back and extra"),
    ("front", "Front"),
    ("back", "Back"),
    ("extra", "Extra"),
)


def openers() -> rx.Component:
    """Draw the ways into the two windows."""
    return rx.fragment(
        controls.button(
            "Find and replace",
            kind="ghost",
            icon_name="replace",
            on_click=ReplaceState.ask_replace(True),  # noqa: FBT003
        ),
        controls.button(
            "Find duplicates",
            kind="ghost",
            icon_name="copy",
            on_click=DuplicatesState.compare(True),  # noqa: FBT003
        ),
        _replacing(),
        _comparing(),
    )


def _replacing() -> rx.Component:
    state = ReplaceState
    return controls.dialog(
        "Find and replace",
        rx.el.form(
            controls.text_field(
                "Find",
                name="find",
                id="find-words",
                max_length=LONGEST,
                required=True,
                custom_attrs={"dir": "auto"},
            ),
            controls.text_field(
                "Replace with",
                name="into",
                id="new-words",
                max_length=LONGEST,
                hint="Empty: what is found goes. In a pattern \\1 is what its first group found.",
                custom_attrs={"dir": "auto"},
            ),
            controls.select("On", name="where", options=SIDES, id="replace-where"),
            _tick("A pattern (regular expression)", "pattern"),
            _tick("Capitals count", "case"),
            controls.button("Show what changes", kind="ghost", type="submit"),
            on_submit=state.look,
            class_name="flex flex-col gap-4",
        ),
        rx.cond(state.looked, _preview()),
        description=rx.cond(state.scope == 1, "In 1 card.", f"In {state.scope} cards."),
        roomy=True,
        open=state.is_replacing,
        on_open_change=state.ask_replace,
    )


def _tick(label: str, name: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, class_name="size-5 accent-[var(--hue)]"),
        label,
        class_name="flex items-center gap-2.5 min-h-11",
    )


def _preview() -> rx.Component:
    found = ReplaceState.preview
    samples = rx.Var.create(found.samples).to(ArrayVar[list[Changed]])
    return rx.el.section(
        rx.el.p(
            rx.cond(
                found.count == 1,
                "1 card changes.",
                rx.cond(
                    found.count == 0, "No card changes.", f"{found.count} cards change."
                ),
            ),
            role="status",
            class_name="font-semibold",
        ),
        rx.cond(
            found.refused > 0,
            rx.el.p(
                f"{found.refused} cannot: a side would be empty or too long, or other gaps or "
                "another picture asked. They stay as they are.",
                class_name="text-ink2 text-[14px]",
            ),
        ),
        rx.el.ul(
            rx.foreach(samples, _sample),
            class_name="list-none divide-y divide-hairline text-[14px]",
        ),
        rx.cond(
            found.count > 0,
            controls.button(
                rx.cond(found.count == 1, "Replace it", f"Replace in {found.count} cards"),
                on_click=ReplaceState.replace_words,
            ),
        ),
        aria_label="What changes",
        class_name="flex flex-col items-start gap-3 mt-5 [&>ul]:w-full",
    )


def _sample(one: ObjectVar[Changed]) -> rx.Component:
    return rx.el.li(
        rx.el.del_(one.before, custom_attrs={"dir": "auto"}, class_name="block text-ink2"),
        rx.el.ins(
            one.after,
            custom_attrs={"dir": "auto"},
            class_name="block no-underline text-ink",
        ),
        class_name="py-2 break-words",
    )


def _comparing() -> rx.Component:
    state, found = DuplicatesState, DuplicatesState.found
    groups = rx.Var.create(found.groups).to(ArrayVar[list[Twins]])
    return controls.dialog(
        "Duplicates",
        rx.cond(
            found.total == 0,
            rx.el.p(
                "Every card among these asks something of its own.", class_name="text-ink2"
            ),
            rx.el.div(
                rx.cond(
                    found.total > groups.length(),
                    rx.el.p(
                        f"The first {groups.length()} of {found.total} groups.",
                        class_name="text-ink2 text-[14px]",
                    ),
                ),
                controls.button("Choose all but the oldest", on_click=state.choose_newer),
                rx.el.ul(
                    rx.foreach(groups, _twins),
                    class_name="list-none divide-y divide-hairline w-full",
                ),
                class_name="flex flex-col items-start gap-3",
            ),
        ),
        description="Cards whose fronts say the same, whatever their capitals and spaces.",
        roomy=True,
        open=state.is_comparing,
        on_open_change=state.compare,
    )


def _twins(group: ObjectVar[Twins]) -> rx.Component:
    cards = rx.Var.create(group.cards).to(ArrayVar[list[Twin]])
    return rx.el.li(
        rx.el.p(
            group.front, custom_attrs={"dir": "auto"}, class_name="font-study text-[16px]"
        ),
        rx.el.ul(
            rx.foreach(cards, _twin),
            class_name="list-none text-[14px] text-ink2 break-words",
        ),
        class_name="py-3",
    )


def _twin(card: ObjectVar[Twin]) -> rx.Component:
    return rx.el.li(
        rx.el.span(card.back, custom_attrs={"dir": "auto"}),
        f" · {card.deck} · added {card.added}",
        class_name="py-0.5",
        key=card.id,
    )
