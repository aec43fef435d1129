"""Shared resources: what courses and groups have for each other, and the form to add to it."""

from typing import Final

import reflex as rx
from reflex.vars import ObjectVar

from studymaster.features.campus.page.folding import FoldedChoice
from studymaster.features.campus.page.keeping import RESOURCE, FormOpener
from studymaster.features.campus.page.opinions import against, report_form, votes
from studymaster.features.campus.page.rows import (
    LIST,
    QUIET,
    SMALL,
    STUDIED,
    labelled,
    show_more,
)
from studymaster.features.campus.page.sharing import ShareForm
from studymaster.features.campus.rules.resources import FIELDS, LINK_STARTS, NOTE_MAX
from studymaster.features.campus.schemas.resources import (
    AudienceChoice,
    Order,
    ResourceView,
)
from studymaster.features.campus.state.resources import ResourcesState
from studymaster.ui import controls, layout
from studymaster.ui.asking import ask_first
from studymaster.ui.written import Written

PATH: Final = "/api/v1/social/resources"
ICONS: Final = {"file": "file", "link": "link", "note": "file_text"}


def resources_panel() -> rx.Component:
    """Show the form, the choice of what to see, and the list."""
    return rx.cond(
        ResourcesState.loaded,
        rx.el.div(
            rx.cond(ResourcesState.audiences, _form(), layout.card(_nobody())),
            _filters(),
            layout.section(
                "Shared with you",
                layout.card(
                    rx.cond(
                        ResourcesState.resources,
                        rx.el.ul(
                            rx.foreach(ResourcesState.resources, _resource),
                            class_name=LIST,
                        ),
                        _nothing(),
                    ),
                    rx.cond(ResourcesState.more, show_more(ResourcesState.show_more)),
                ),
            ),
            class_name="flex flex-col gap-6",
        ),
        controls.skeleton("h-16 w-full", "h-24 w-full", "h-24 w-full", "h-24 w-full"),
    )


def _form() -> rx.Component:
    return ShareForm.create(
        draft=RESOURCE,
        audiences=ResourcesState.audiences,
        limit_mb=ResourcesState.limit_mb,
        note_max=NOTE_MAX,
        link_starts=LINK_STARTS,
        fields=FIELDS,
        path=PATH,
        on_shared=ResourcesState.shared,
    )


def _nobody() -> rx.Component:
    return controls.empty_state(
        "users",
        "Nobody to share with yet",
        "Resources go to a course or to a group of yours. Connect your Moodle, or join a "
        "group first.",
        controls.link_button("Connect Moodle", "/live-sync", icon_name="refresh_cw"),
    )


def _nothing() -> rx.Component:
    return controls.empty_state(
        "folder_open",
        "Nothing is shared here yet",
        "Share the summary, the link or the old exam that helped you. Only the course or "
        "group you choose sees it.",
        rx.cond(
            ResourcesState.audiences,
            FormOpener.create(draft=RESOURCE, label="Share the first one"),
        ),
    )


def _filters() -> rx.Component:
    return FoldedChoice.create(
        _select(
            "From",
            "resources-audience",
            rx.el.option("All courses and groups", value=""),
            rx.foreach(ResourcesState.audiences, _audience),
            value=ResourcesState.audience,
            on_change=ResourcesState.choose_audience,
        ),
        _select(
            "Order",
            "resources-order",
            rx.el.option("Newest first", value="newest"),
            rx.el.option("Most useful first", value="useful"),
            value=ResourcesState.order,
            on_change=ResourcesState.choose_order,
        ),
        label="Filter and order",
        active=[
            ResourcesState.audience != "",
            ResourcesState.order != Order.NEWEST.value,
        ],
        class_name="grid gap-4 sm:grid-cols-2",
    )


def _select(
    label: str, field: str, *options: rx.Component, **props: controls.Prop
) -> rx.Component:
    control = rx.el.select(*options, id=field, class_name=controls.FIELD, **props)
    return labelled(label, field, control)


def _audience(one: ObjectVar[AudienceChoice]) -> rx.Component:
    return rx.el.option(one.name, value=one.value)


def _resource(one: ObjectVar[ResourceView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.match(
                    one.kind,
                    *[(kind, controls.icon(name)) for kind, name in ICONS.items()],
                    controls.icon("file"),
                ),
                class_name="text-ink3 mt-0.5",
            ),
            rx.el.div(_words(one), class_name="flex-1 min-w-0"),
            class_name="flex items-start gap-3.5",
        ),
        _actions(one),
        rx.cond(ResourcesState.reporting == one.id, _report_form()),
        class_name="py-4",
        key=one.id,
    )


def _words(one: ObjectVar[ResourceView]) -> rx.Component:
    return rx.fragment(
        rx.el.h3(one.title, class_name="font-semibold text-ink"),
        rx.el.p(
            rx.match(
                one.kind,
                ("link", one.host),
                ("file", f"{one.filename} · {one.size}"),
                "",
            ),
            class_name="text-[13px] text-ink2 empty:hidden",
        ),
        _note(one),
        rx.el.p(
            rx.cond(one.author == "", "A former student", one.author),
            " · ",
            one.audience,
            " · ",
            controls.ago(one.created_at),
            class_name="mt-1.5 text-[13px] text-ink2",
        ),
        rx.cond(
            one.hidden,
            rx.el.p(
                "Hidden after three reports. Nobody else sees it.",
                class_name="mt-1.5 text-[13px] font-medium text-acct-ink",
            ),
        ),
    )


def _note(one: ObjectVar[ResourceView]) -> rx.Component:
    is_open = ResourcesState.reading == one.id
    return rx.cond(
        one.kind == "note",
        rx.fragment(
            Written.create(
                text=rx.cond(is_open, ResourcesState.note, one.text),
                class_name=f"mt-1.5 {STUDIED}",
            ),
            rx.cond(
                one.cut,
                rx.el.button(
                    rx.cond(is_open, "Show less", "Read all"),
                    type="button",
                    aria_expanded=is_open,
                    on_click=ResourcesState.read(one.id),
                    class_name=f"{QUIET} mt-2",
                ),
            ),
        ),
    )


def _actions(one: ObjectVar[ResourceView]) -> rx.Component:
    return rx.el.div(
        _open(one),
        votes(one, on_vote=ResourcesState.vote(one.id, ~one.voted.to(bool))),
        rx.cond(one.mine, rx.fragment(), _against(one)),
        rx.cond(one.may_judge, _judging(one)),
        class_name="flex flex-wrap items-center gap-2 mt-3 sm:pl-8",
    )


def _open(one: ObjectVar[ResourceView]) -> rx.Component:
    way = rx.cond(one.opens, "Open", "Download")
    return rx.fragment(
        rx.cond(
            one.kind == "link",
            rx.el.a(
                "Open link",
                controls.icon("external_link", size=16),
                href=one.address,
                target="_blank",
                rel="noopener noreferrer nofollow",
                aria_label=f"Open {one.title} on {one.host}",
                class_name=QUIET,
            ),
        ),
        rx.cond(
            one.kind == "file",
            rx.el.a(
                way,
                rx.cond(
                    one.opens,
                    controls.icon("external_link", size=16),
                    controls.icon("download", size=16),
                ),
                href=f"{PATH}/{one.id}/file",
                target="_blank",
                rel="noopener noreferrer",
                aria_label=f"{way} {one.filename}",
                class_name=QUIET,
            ),
        ),
    )


def _against(one: ObjectVar[ResourceView]) -> rx.Component:
    return against(
        one.author,
        one.author_id,
        is_reporting=ResourcesState.reporting == one.id,
        is_reported=one.reported,
        on_report=ResourcesState.toggle_report(one.id),
        on_block=ResourcesState.block(one.author_id),
    )


def _judging(one: ObjectVar[ResourceView]) -> rx.Component:
    return rx.fragment(
        rx.cond(
            one.hidden & ~one.mine.to(bool),
            controls.button(
                "Restore",
                kind="ghost",
                on_click=ResourcesState.restore(one.id),
                class_name=SMALL,
            ),
        ),
        ask_first(
            controls.icon_button(f"Remove {one.title}", "trash_2"),
            title="Remove it for everybody?",
            text="It is gone for good, with its file and its votes.",
            label="Remove",
            on_confirm=ResourcesState.remove(one.id),
        ),
    )


def _report_form() -> rx.Component:
    return report_form(
        hint="Three reports hide it. Whoever shared it does not learn who reported.",
        on_submit=ResourcesState.report,
        class_name="mt-3 sm:pl-8",
    )
