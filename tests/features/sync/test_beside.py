"""Due dates, grades and announcements become what a student is shown."""

from datetime import timedelta
from uuid import UUID

import pytest

from studymaster.adapters.moodle.translate import (
    ActionEvent,
    Assignment,
    Discussion,
    Forum,
    GradeLine,
    Quiz,
    Submission,
    SubmissionStatus,
)
from studymaster.features.sync import rules, service
from studymaster.models import DeadlineKind, GradeKind, SubmissionState
from tests.conftest import NOBODYS_ID, NOON

SITE = "https://moodle.uni.edu"
COURSE = UUID(NOBODYS_ID)
DAY = timedelta(days=1)


def work(number: int = 5, *, due: timedelta | None = DAY, **fields) -> Assignment:
    return Assignment(
        id=number,
        module_id=100 + number,
        course_id=2,
        name=f"Lab {number}",
        due_at=None if due is None else NOON + due,
        **fields,
    )


def due(**told) -> list:
    return service.deadlines(service.Told(**told), course_ids={2: COURSE}, site=SITE)


def test_an_assignment_is_due_with_its_window_and_its_page() -> None:
    opens, closes = NOON - DAY, NOON + 2 * DAY
    (found,) = due(assignments=[work(opens_at=opens, closes_at=closes)])
    assert (found.course_id, found.kind, found.title) == (
        COURSE,
        DeadlineKind.ASSIGNMENT,
        "Lab 5",
    )
    assert (found.opens_at, found.due_at, found.closes_at) == (opens, NOON + DAY, closes)
    assert found.address == "https://moodle.uni.edu/mod/assign/view.php?id=105"
    assert (found.submission, found.submitted_at) == (None, None)


@pytest.mark.parametrize(
    ("own", "state", "is_in"),
    [
        (Submission(), SubmissionState.NONE, False),
        (Submission(status=SubmissionStatus.NEW), SubmissionState.NONE, False),
        (Submission(status=SubmissionStatus.REOPENED), SubmissionState.NONE, False),
        (Submission(status=SubmissionStatus.DRAFT), SubmissionState.DRAFT, False),
        (Submission(status=SubmissionStatus.SUBMITTED), SubmissionState.SUBMITTED, True),
        (Submission(graded=True), SubmissionState.GRADED, True),
        (Submission(grade="87.50000"), SubmissionState.GRADED, True),
    ],
)
def test_work_is_as_far_as_moodle_says(own, state, is_in) -> None:
    own = Submission(own.status, NOON, own.graded, grade=own.grade)
    (found,) = due(assignments=[work()], submissions={5: own})
    assert (found.submission, found.submitted_at) == (state, NOON if is_in else None)


def test_an_extension_counts_as_the_due_date() -> None:
    own = Submission(extended_to=NOON + 5 * DAY)
    (found,) = due(assignments=[work()], submissions={5: own})
    assert found.due_at == NOON + 5 * DAY


def test_what_has_no_date_or_another_course_is_not_due() -> None:
    elsewhere = Quiz(id=1, module_id=1, course_id=3, name="Q", closes_at=NOON)
    undated = Quiz(id=2, module_id=2, course_id=2, name="Q")
    assert due(assignments=[work(due=None)], quizzes=[elsewhere, undated]) == []


def event(
    number: int, *, days: int, kind: str = "lesson", overdue: bool = False
) -> ActionEvent:
    return ActionEvent(
        id=number,
        name=f"Event {number}",
        at=NOON + days * DAY,
        module_kind=kind,
        module_id=50,
        course_id=2,
        activity_name="Cell walls",
        overdue=overdue,
    )


def test_an_event_is_due_once_at_its_next_date() -> None:
    told = [event(1, days=-2, overdue=True), event(2, days=3), event(3, days=9)]
    (found,) = due(events=told)
    assert (found.kind, found.title, found.due_at) == (
        DeadlineKind.EVENT,
        "Cell walls",
        NOON + 3 * DAY,
    )


def test_the_events_of_assignments_and_quizzes_are_not_told_twice() -> None:
    assert due(events=[event(1, days=1, kind=kind) for kind in ("assign", "quiz")]) == []


def test_only_what_was_answered_is_compared() -> None:
    told = service.Told(assignments=[], quizzes=None, events=[])
    assert told.kinds == {DeadlineKind.ASSIGNMENT, DeadlineKind.EVENT}


def test_only_work_that_may_be_news_is_asked_about() -> None:
    listed = [
        work(1, due=10 * DAY),
        work(2, due=-13 * DAY),
        work(3, due=-15 * DAY),
        work(4, due=None),
        work(5, due=DAY, opens_at=NOON + timedelta(hours=1)),
        work(6, due=2 * DAY),
        work(7, due=2 * DAY),
    ]
    graded = {(2, 106): NOON + 2 * DAY, (2, 107): NOON + 3 * DAY}
    found = service.worth_asking_about(listed, graded=graded, now=NOON)
    assert [item.id for item in found] == [7, 1, 2]
    many = [work(number, due=number * DAY) for number in range(1, 100)]
    asked = service.worth_asking_about(many, graded={}, now=NOON)
    assert len(asked) == rules.MOST_ASKED_ABOUT


def test_a_gradebook_keeps_its_order_and_names_its_totals() -> None:
    lines = [
        GradeLine(id=9, kind="course", grade=87.5, shown="87.50"),
        GradeLine(id=8, kind="category"),
        GradeLine(id=7, kind="mod", name="Lab", module_id=105, feedback_html="<p>Good</p>"),
        GradeLine(id=6, kind="outcome", name="Talk"),
    ]
    found = [(one.position, one.kind, one.name) for one in service.grades(lines)]
    assert found == [
        (0, GradeKind.COURSE, "Course total"),
        (1, GradeKind.CATEGORY, "Category total"),
        (2, GradeKind.ACTIVITY, "Lab"),
        (3, GradeKind.MANUAL, "Talk"),
    ]
    assert service.grades(lines)[2].feedback == "Good"


def test_an_announcement_is_plain_text_with_its_address() -> None:
    forum = Forum(id=1, module_id=30, course_id=2, kind="news", name="News")
    markup = "<p>No lecture</p><script>alert(1)</script>"
    told = [
        Discussion(id=4, subject="Monday", html=markup, author="A. Berg", created_at=NOON),
        Discussion(id=5, subject="Undated", html=""),
    ]
    (found,) = service.announcements(forum, told, site=SITE)
    assert (found.discussion_id, found.text, found.posted_at) == (4, "No lecture", NOON)
    assert found.address == "https://moodle.uni.edu/mod/forum/discuss.php?d=4"
