"""What is done with the chosen cards of the list, and taken back."""

import reflex as rx

from studymaster.features.flashcards.page.editor import deck_option
from studymaster.features.flashcards.schemas import FLAGS
from studymaster.features.flashcards.state.browse import BrowseState
from studymaster.features.flashcards.state.chosen import ChosenState
from studymaster.ui import controls


def undo() -> rx.Component:
    """Draw the way back, once something was done."""
    return rx.cond(
        BrowseState.can_undo,
        rx.el.div(
            controls.button(
                "Undo", kind="ghost", icon_name="undo-2", on_click=ChosenState.undo
            ),
            class_name="mb-3",
        ),
    )


def bar() -> rx.Component:
    """Draw what can be done with the chosen cards; it stays in sight while scrolling."""
    state = BrowseState
    count = state.chosen
    return rx.el.div(
        rx.cond(
            count < state.total,
            controls.button(
                rx.cond(state.total == 1, "Choose it", f"Choose all {state.total}"),
                kind="ghost",
                on_click=ChosenState.choose_found,
            ),
        ),
        rx.cond(
            count > 0,
            rx.fragment(
                rx.el.p(
                    f"{count} chosen",
                    role="status",
                    class_name="text-[14px] font-semibold px-1",
                ),
                *_deeds(),
                controls.icon_button("Choose none", "x", on_click=ChosenState.choose_none),
            ),
        ),
        role="group",
        aria_label="Chosen cards",
        class_name="sticky top-[var(--above)] z-30 bg-bg py-2 mb-2 flex md:flex-wrap items-center "
        "gap-2 max-md:overflow-x-auto max-md:[&>*]:flex-none",
    )


def _deeds() -> list[rx.Component]:
    state = ChosenState
    return [
        _act(
            "Move to",
            rx.foreach(BrowseState.choices, deck_option),
            field="move-to",
            on_change=state.move,
        ),
        _act(
            "Flag",
            *[rx.el.option(name, value=str(at)) for at, name in enumerate(FLAGS)],
            field="flag-with",
            on_change=state.flag,
        ),
        controls.button("Suspend", kind="ghost", on_click=state.suspend(True)),  # noqa: FBT003
        controls.button("Resume", kind="ghost", on_click=state.suspend(False)),  # noqa: FBT003
        controls.button("Bury", kind="ghost", on_click=state.bury),
        _set_due(),
        controls.button("Start anew", kind="ghost", on_click=ChosenState.start_anew),
        _act(
            "Take off tag",
            rx.foreach(BrowseState.tags, _tag_option),
            field="remove-tag",
            on_change=state.remove_tag,
        ),
        _add_tag(),
        controls.button("Delete", kind="danger", on_click=state.ask_delete(True)),  # noqa: FBT003
    ]


def _set_due() -> rx.Component:
    """Draw where is typed in how many days the chosen cards come."""
    return rx.el.form(
        rx.el.label("Days until they are due", html_for="due-days", class_name="sr-only"),
        rx.el.input(
            id="due-days",
            name="days",
            placeholder="3 or 3-7",
            required=True,
            max_length=11,
            input_mode="numeric",
            class_name="min-h-11 w-24 px-3 rounded-xl bg-bg border border-edge text-[15px]",
        ),
        controls.button("Due in days", kind="ghost", type="submit"),
        on_submit=ChosenState.set_due,
        reset_on_submit=True,
        class_name="flex items-center gap-2",
    )


def _add_tag() -> rx.Component:
    """Draw where a tag is typed that all chosen cards get."""
    return rx.el.form(
        rx.el.label("Tag to add", html_for="add-tag", class_name="sr-only"),
        rx.el.input(
            id="add-tag",
            name="tag",
            placeholder="Tag",
            max_length=60,
            custom_attrs={"dir": "auto"},
            class_name="min-h-11 w-32 px-3 rounded-xl bg-bg border border-edge text-[15px]",
        ),
        controls.button("Add tag", kind="ghost", type="submit"),
        on_submit=ChosenState.add_tag,
        reset_on_submit=True,
        class_name="flex items-center gap-2",
    )


def _act(
    label: str, *options: controls.Prop, field: str, **props: controls.Prop
) -> rx.Component:
    """Draw a list whose choice is done to the chosen cards at once."""
    return rx.fragment(
        rx.el.label(label, html_for=field, class_name="sr-only"),
        rx.el.select(
            rx.el.option(f"{label} …", value=""),
            *options,
            id=field,
            value="",
            class_name="min-h-11 px-3 rounded-xl bg-bg border border-edge text-[15px] "
            "max-w-[180px]",
            **props,
        ),
    )


def _tag_option(tag: rx.Var[str]) -> rx.Component:
    return rx.el.option(tag, value=tag)


def deleting() -> rx.Component:
    """Ask before the chosen cards are deleted."""
    state = ChosenState
    count = BrowseState.chosen
    return controls.dialog(
        rx.cond(count == 1, "Delete 1 card?", f"Delete {count} cards?"),
        rx.el.div(
            controls.button("Delete", kind="danger", on_click=state.delete),
            controls.button("Keep", kind="ghost", on_click=state.ask_delete(False)),  # noqa: FBT003
            class_name="flex flex-wrap gap-2.5",
        ),
        description=rx.cond(
            count == 1,
            "Today you can still undo it. What you answered stays in your statistics, streak "
            "and points. To only stop being asked, suspend it.",
            "Today you can still undo it. What you answered stays in your statistics, streak "
            "and points. To only stop being asked, suspend them.",
        ),
        open=state.is_asking,
        on_open_change=state.ask_delete,
    )
