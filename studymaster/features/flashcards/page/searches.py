"""The searches that a student keeps, above the list of cards."""

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.flashcards.schemas import KeptSearch
from studymaster.features.flashcards.state.browse import BrowseState
from studymaster.features.flashcards.state.searches import SearchesState
from studymaster.ui import controls


def kept_searches(*others: rx.Component) -> rx.Component:
    """Draw a way to each search, the button that keeps the one that is shown, and `others`."""
    return rx.el.div(
        rx.foreach(SearchesState.kept, _search),
        controls.button(
            "Keep this search",
            kind="ghost",
            icon_name="bookmark",
            on_click=SearchesState.ask_name(True),  # noqa: FBT003
        ),
        _naming(),
        _renaming(),
        *others,
        role="group",
        aria_label="Views and tools",
        class_name="flex flex-wrap items-center gap-2 mb-4",
        on_mount=SearchesState.load,
    )


def _search(one: ObjectVar[KeptSearch]) -> rx.Component:
    return rx.el.span(
        controls.page_link(
            one.name,
            href=one.address,
            class_name="min-h-11 inline-flex items-center pl-3 font-medium break-words "
            "hover:underline",
        ),
        controls.icon_button(
            f"Rename {one.name}", "pencil", on_click=SearchesState.ask_rename(one.id)
        ),
        controls.icon_button(
            f"Delete {one.name}", "x", on_click=SearchesState.forget(one.id)
        ),
        class_name="inline-flex items-center rounded-xl bg-card2 text-[14px] min-w-0",
        key=one.id,
    )


def _naming() -> rx.Component:
    state = BrowseState
    told = {"text": state.text, "stage": state.stage, "tag": state.tag, "deck": state.deck}
    return controls.dialog(
        "Keep this search",
        rx.el.form(
            *[
                rx.el.input(type="hidden", name=name, value=value, read_only=True)
                for name, value in told.items()
            ],
            controls.text_field(
                "Name", name="name", id="search-name", max_length=80, required=True
            ),
            rx.el.div(
                controls.button("Keep", type="submit"),
                controls.button(
                    "Cancel",
                    kind="ghost",
                    on_click=SearchesState.ask_name(False),  # noqa: FBT003
                ),
                class_name="flex flex-wrap gap-2.5",
            ),
            on_submit=SearchesState.keep,
            class_name="flex flex-col gap-4",
        ),
        open=SearchesState.is_naming,
        on_open_change=SearchesState.ask_name,
    )


def _renaming() -> rx.Component:
    state = SearchesState
    return controls.dialog(
        "Rename the search",
        rx.el.form(
            controls.text_field(
                "New name",
                name="name",
                id="new-search-name",
                key=state.renaming.id,
                default_value=state.renaming.name,
                max_length=80,
                required=True,
                custom_attrs={"dir": "auto"},
            ),
            controls.button("Rename", type="submit"),
            on_submit=state.rename,
            class_name="flex flex-col items-start gap-4 [&>div]:w-full",
        ),
        open=state.renaming.id != "",
        on_open_change=state.close_renaming,
    )
