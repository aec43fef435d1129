"""The groups of a student: their own, those of their courses, and the window for a new one."""

import reflex as rx

from studymaster.features.campus.page.rows import labelled, show_more
from studymaster.features.campus.rules.groups import ABOUT_MOST, NAME_MOST
from studymaster.features.campus.schemas.audience import CourseChoice
from studymaster.features.campus.schemas.groups import GroupView
from studymaster.features.campus.state.groups import GroupsState
from studymaster.ui import controls, layout
from studymaster.ui.theme import course_line

GRID = "list-none grid gap-3 lg:grid-cols-2"
MANY_UNREAD = 99


def groups_panel() -> rx.Component:
    """Show the groups, or that none are there yet."""
    return rx.cond(
        GroupsState.loaded,
        rx.el.div(
            _own(),
            rx.cond(GroupsState.found, _found()),
            class_name="flex flex-col gap-6",
        ),
        controls.skeleton("h-11 w-40", "h-32 w-full", "h-32 w-full"),
    )


def _own() -> rx.Component:
    return layout.section(
        "Your groups",
        rx.cond(
            GroupsState.groups,
            rx.el.ul(rx.foreach(GroupsState.groups, _group), class_name=GRID),
            layout.card(
                controls.empty_state(
                    "users",
                    "No groups yet",
                    "Make one for a course and send the link to two or three others. "
                    "Groups that your courses list appear here too.",
                    _new_group(),
                )
            ),
        ),
        rx.cond(GroupsState.groups, _new_group(class_name="mt-4")),
    )


def _group(one: GroupView) -> rx.Component:
    return rx.el.li(
        controls.page_link(
            _head(one),
            rx.el.p(one.name, class_name="display text-lg font-semibold mt-2.5"),
            _figures(one),
            rx.cond(
                one.when != "",
                rx.el.p(
                    controls.icon("calendar_clock", size=16),
                    one.when,
                    class_name="mt-2 flex items-center gap-2 text-[14px] text-ink",
                ),
            ),
            href=f"/campus/group/{one.id}",
            class_name="block h-full surface hover:bg-card2",
        ),
        key=one.id,
    )


def _head(one: GroupView) -> rx.Component:
    return rx.el.div(
        course_chip(one),
        rx.cond(one.unread > 0, _unread(one)),
        class_name="flex items-center gap-2 min-h-6",
    )


def course_chip(one: GroupView) -> rx.Component:
    """Name the course of a group, in the student's own colour of it if they have it."""
    cut = "max-w-[30ch] truncate"
    return rx.cond(
        one.course_name != "",
        rx.cond(
            one.line >= 0,
            controls.chip(one.course_name, line=course_line(one.line), class_name=cut),
            controls.chip(one.course_name, class_name=cut),
        ),
        controls.chip("No course"),
    )


def _unread(one: GroupView) -> rx.Component:
    many = rx.cond(one.unread > MANY_UNREAD, f"{MANY_UNREAD}+ new", f"{one.unread} new")
    return controls.chip(
        many, rx.el.span(" messages", class_name="sr-only"), line="line-campus"
    )


def _figures(one: GroupView) -> rx.Component:
    return rx.el.p(
        f"{one.member_count} ",
        rx.cond(one.member_count == 1, "member", "members"),
        rx.match(
            one.role,
            ("owner", " · you are an owner"),
            ("moderator", " · you are a moderator"),
            ("member", " · you are a member"),
            "",
        ),
        class_name="mt-1 text-[13px] text-ink2",
    )


def _found() -> rx.Component:
    return layout.section(
        "Groups of your courses",
        rx.el.ul(rx.foreach(GroupsState.found, _found_one), class_name=GRID),
        rx.cond(GroupsState.more, show_more(GroupsState.show_more)),
    )


def _found_one(one: GroupView) -> rx.Component:
    return rx.el.li(
        course_chip(one),
        rx.el.p(one.name, class_name="display text-lg font-semibold mt-2.5"),
        rx.el.p(
            one.about,
            class_name="mt-1 text-ink2 whitespace-pre-line line-clamp-4 empty:hidden",
        ),
        _figures(one),
        rx.cond(
            one.full,
            rx.el.p("This group is full.", class_name="mt-3 text-[14px] text-ink2"),
            controls.button(
                "Join",
                kind="ghost",
                on_click=GroupsState.join(one.id),
                aria_label=f"Join {one.name}",
                class_name="mt-3",
            ),
        ),
        class_name="surface",
        key=one.id,
    )


def _new_group(class_name: str = "") -> rx.Component:
    return controls.dialog(
        "New group",
        rx.el.form(
            controls.text_field(
                "Name", name="name", required=True, max_length=NAME_MOST, auto_focus=True
            ),
            controls.text_area(
                "What it is about",
                name="about",
                hint="When you usually meet, what you work on. May stay empty.",
                max_length=ABOUT_MOST,
                rows=3,
            ),
            _course_field(),
            # Who finds a group is a question only where it has a course.
            rx.el.div(
                listed_field(),
                class_name="group-has-[#field-course>option[value='']:checked]/making:hidden",
            ),
            controls.button("Make the group", type="submit"),
            on_submit=GroupsState.create,
            class_name="group/making grid gap-4",
        ),
        description="You own it. Others come in by a link, or by the list of the course.",
        trigger=controls.button("New group", icon_name="plus", class_name=class_name),
        open=GroupsState.making,
        on_open_change=GroupsState.make,
    )


def _course_field() -> rx.Component:
    return labelled(
        "Course",
        "field-course",
        rx.el.select(
            rx.el.option("No course", value=""),
            rx.foreach(GroupsState.courses, _choice),
            id="field-course",
            name="course",
            class_name=controls.FIELD,
        ),
    )


def _choice(one: CourseChoice) -> rx.Component:
    return rx.el.option(one.name, value=one.id)


def listed_field(**props: controls.Prop) -> rx.Component:
    """Return the choice whether everybody who has the course finds a group of it."""
    return controls.select(
        "Who can find it",
        name="listed",
        options=(
            ("yes", "Whoever has the course in Moodle"),
            ("no", "Only who has the link"),
        ),
        **props,
    )
