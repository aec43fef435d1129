"""What is here of each course, and the switch that has it read or left alone."""

import reflex as rx

from studymaster.features.sync.schemas import CourseStatus
from studymaster.features.sync.state import LiveSyncState
from studymaster.features.sync.state.tabs import SyncTabsState
from studymaster.ui import controls, layout
from studymaster.ui.theme import course_line

COURSE_PATH = "/live-sync/course/"


def courses() -> rx.Component:
    """List the courses, each with its switch."""
    return layout.section(
        "Courses",
        rx.cond(
            LiveSyncState.courses,
            rx.el.ul(
                rx.foreach(LiveSyncState.courses, _course),
                class_name="grid gap-3 lg:grid-cols-2",
            ),
            layout.card(
                controls.empty_state(
                    "book_open",
                    "No courses yet",
                    "They appear here as soon as Moodle has listed them. If Moodle lists "
                    "none for you, this stays empty.",
                )
            ),
        ),
        action=SyncTabsState.space,
    )


def _course(course: CourseStatus) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            controls.chip(
                course.shortname,
                line=course_line(course.line),
                class_name="whitespace-nowrap",
            ),
            rx.el.span(_standing(course), class_name="text-[13px] text-ink2"),
            class_name="flex items-center justify-between gap-3",
        ),
        rx.el.h3(course.fullname, class_name="display mt-2.5 font-semibold"),
        rx.el.p(
            f"{course.materials} items · ",
            rx.cond(course.files == 1, "1 file", f"{course.files} files"),
            " fetched",
            rx.cond(course.waiting > 0, f" · {course.waiting} still to come", ""),
            rx.cond(course.gone > 0, f" · {course.gone} not visible any more", ""),
            class_name="mt-1 text-[13px] text-ink2",
        ),
        controls.text_link(
            "What is here, what is not, and why",
            f"{COURSE_PATH}{course.id}",
            aria_label=f"What is here of {course.shortname}, what is not, and why",
            class_name="inline-flex items-center min-h-11 text-[13px]",
        ),
        rx.cond(course.listed & ~rx.Var.create(course.away), _choices(course)),
        class_name="surface",
    )


def _standing(course: CourseStatus) -> rx.Component:
    """Say how current a course is; one whose files are still to come is not synced."""
    return rx.cond(
        course.listed,
        rx.cond(
            course.away,
            "its Moodle is not connected",
            rx.cond(
                course.waiting > 0,
                "files still to come",
                rx.cond(
                    course.synced,
                    rx.fragment("synced ", controls.ago(course.synced)),
                    "never synced",
                ),
            ),
        ),
        "not in Moodle any more",
    )


def _choices(course: CourseStatus) -> rx.Component:
    return rx.el.div(
        controls.switch(
            "Keep up to date",
            checked=course.sync_enabled,
            hint=rx.cond(
                course.sync_enabled,
                "",
                "Switched off: what is here stays, nothing new is read.",
            ),
            aria_label=f"Keep up to date: {course.shortname}",
            on_change=LiveSyncState.switch_course(course.id),
        ),
        rx.cond(
            course.sync_enabled,
            controls.button(
                "Sync only this course",
                kind="ghost",
                aria_label=f"Sync only this course: {course.shortname}",
                loading=course.busy,
                on_click=LiveSyncState.sync_course(course.id),
            ),
        ),
        class_name="mt-3 grid gap-2 border-t border-hairline pt-3",
    )
