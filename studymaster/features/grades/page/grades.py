"""The grades of a student: how each course stands, or one course's gradebook."""

import reflex as rx

from studymaster.features.grades.page.charts import moved, single_grades
from studymaster.features.grades.page.insight import insight
from studymaster.features.grades.page.lines import gradebook_lines
from studymaster.features.grades.page.wishing import what_if
from studymaster.features.grades.schemas import NO_COURSE, CourseStanding
from studymaster.features.grades.state import HEADING, LIST, GradesState
from studymaster.ui import controls, layout
from studymaster.ui.theme import course_line

FIGURE = "display text-[32px] font-[650] leading-none text-ink"


def grades_part() -> rx.Component:
    """Show the courses, or the gradebook of the one that is open."""
    return rx.cond(
        GradesState.loaded,
        rx.cond(GradesState.is_open, _book(), _courses()),
        controls.skeleton("h-36 w-full", "h-36 w-full"),
    )


def _courses() -> rx.Component:
    return layout.section(
        "Grades by course",
        rx.cond(
            GradesState.missing,
            rx.el.p(NO_COURSE, role="status", class_name="mb-4 text-ink2"),
        ),
        rx.cond(
            GradesState.courses,
            rx.el.ul(
                rx.foreach(GradesState.courses, _course),
                class_name="grid grid-cols-1 gap-3 lg:grid-cols-2",
            ),
            _nothing(),
        ),
        id=LIST,
        tab_index=-1,
    )


def _nothing() -> rx.Component:
    return layout.card(
        rx.cond(
            GradesState.has_courses,
            controls.empty_state(
                "graduation_cap",
                "No grades yet",
                "Moodle shows no gradebook for your courses. As soon as it does, the next "
                "sync brings it here.",
                controls.link_button("Look at the sync", "/live-sync", kind="ghost"),
            ),
            controls.empty_state(
                "graduation_cap",
                "No grades yet",
                "They come from your Moodle with its courses.",
                controls.link_button(
                    "Connect Moodle", "/live-sync", icon_name="refresh_cw"
                ),
            ),
        )
    )


def _course(course: CourseStanding) -> rx.Component:
    return rx.el.li(
        controls.chip(course.shortname, line=course_line(course.line)),
        rx.el.p(course.fullname, class_name="display mt-2.5 font-semibold break-words"),
        _standing(course),
        controls.button(
            "Open the gradebook",
            kind="ghost",
            aria_label=f"Open the gradebook: {course.shortname}",
            on_click=GradesState.open_course(course.id),
            class_name="mt-4 max-sm:w-full",
        ),
        key=course.id,
        class_name="surface min-w-0",
    )


def _standing(course: CourseStanding) -> rx.Component:
    """Show the percentage, who says so, where it is heading, and how much is graded."""
    return rx.el.div(
        rx.cond(
            course.percent_words != "",
            rx.el.p(course.percent_words, class_name=f"{FIGURE} mt-3 tabular-nums"),
        ),
        rx.el.p(course.source_words, class_name="mt-1.5 text-[13px] text-ink2"),
        rx.el.p(
            rx.cond(
                course.trend_words != "", rx.fragment("Trend: ", course.trend_words, ". ")
            ),
            f"{course.graded} of {course.gradable} graded.",
            class_name="mt-1 mb-3 text-[13px] text-ink2",
        ),
        controls.progress_bar(
            course.bar,
            100,
            label=f"{course.shortname}: how the course stands, in percent",
            line=course_line(course.line),
        ),
    )


def _book() -> rx.Component:
    book = GradesState.book
    return rx.el.div(
        controls.button(
            "All courses",
            kind="ghost",
            icon_name="arrow_left",
            on_click=GradesState.close_course,
            class_name="justify-self-start",
        ),
        layout.card(
            rx.el.h2(
                book.course.fullname,
                id=HEADING,
                tab_index=-1,
                class_name="display text-xl font-semibold break-words",
            ),
            _standing(book.course),
        ),
        rx.cond(
            book.lines,
            rx.fragment(
                single_grades(),
                moved(),
                gradebook_lines(),
                what_if(),
                insight(),
            ),
            layout.card(
                controls.empty_state(
                    "graduation_cap",
                    "No gradebook",
                    "Moodle shows no grades for this course. As soon as it does, the next "
                    "sync brings them here.",
                )
            ),
        ),
        class_name=f"{course_line(book.course.line)} grid grid-cols-1 gap-6 min-w-0",
    )
