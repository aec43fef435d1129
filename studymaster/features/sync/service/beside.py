"""Turns what Moodle tells beside its course pages: due dates, grades, announcements."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from studymaster.adapters.documents import html_to_text
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
from studymaster.features.deadlines.schemas import ListedAnnouncement, ListedDeadline
from studymaster.features.grades.schemas import ListedGrade
from studymaster.features.sync import rules
from studymaster.models import DeadlineKind, GradeKind, SubmissionState

NOT_EVENTS = frozenset({"assign", "quiz"})
"""Their dates are told better by the activities themselves."""

GRADE_KINDS = {
    "course": GradeKind.COURSE,
    "category": GradeKind.CATEGORY,
    "mod": GradeKind.ACTIVITY,
}
TOTALS = {GradeKind.COURSE: "Course total", GradeKind.CATEGORY: "Category total"}

STATES = {
    SubmissionStatus.DRAFT: SubmissionState.DRAFT,
    SubmissionStatus.SUBMITTED: SubmissionState.SUBMITTED,
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a site told of due dates; None: it was not asked, or did not answer."""

    assignments: Sequence[Assignment] | None = None
    quizzes: Sequence[Quiz] | None = None
    events: Sequence[ActionEvent] | None = None
    submissions: Mapping[int, Submission] = field(default_factory=dict[int, Submission])

    @property
    def kinds(self) -> frozenset[DeadlineKind]:
        """The kinds of due dates of which it told everything."""
        told = (
            (DeadlineKind.ASSIGNMENT, self.assignments),
            (DeadlineKind.QUIZ, self.quizzes),
            (DeadlineKind.EVENT, self.events),
        )
        return frozenset(kind for kind, found in told if found is not None)


def worth_asking_about(
    assignments: Iterable[Assignment],
    *,
    graded: Mapping[tuple[int, int], datetime],
    now: datetime,
) -> list[Assignment]:
    """Return the assignments whose submission may be news, the nearest due date first.

    Args:
        assignments: Of all courses that are followed.
        graded: The due dates known of the work that is graded, by course and module.
        now: Those due up to two weeks before it count.
    """
    found = [
        item
        for item in assignments
        if item.due_at
        and item.due_at > now - rules.LOOKED_BACK
        and (item.opens_at is None or item.opens_at <= now)
    ]
    by_distance = sorted(found, key=lambda item: (abs((item.due_at or now) - now), item.id))
    return [
        item
        for item in by_distance[: rules.MOST_ASKED_ABOUT]
        if graded.get((item.course_id, item.module_id)) != item.due_at
    ]


def deadlines(
    told: Told, *, course_ids: Mapping[int, UUID], site: str
) -> list[ListedDeadline]:
    """Return what is due in some courses, by their Moodle ids; `site` is its address."""
    found = [
        *(_of_assignment(item, told, course_ids, site) for item in told.assignments or ()),
        *(_of_quiz(item, course_ids, site) for item in told.quizzes or ()),
        *_of_events(told.events or (), course_ids),
    ]
    return [item for item in found if item is not None]


def _of_assignment(
    item: Assignment, told: Told, course_ids: Mapping[int, UUID], site: str
) -> ListedDeadline | None:
    own = told.submissions.get(item.id)
    due_at = (own and own.extended_to) or item.due_at
    course_id = course_ids.get(item.course_id)
    if due_at is None or course_id is None:
        return None
    state = _state(own) if own else None
    is_in = state in {SubmissionState.SUBMITTED, SubmissionState.GRADED}
    return ListedDeadline(
        course_id=course_id,
        cmid=item.module_id,
        kind=DeadlineKind.ASSIGNMENT,
        title=item.name,
        due_at=due_at,
        opens_at=item.opens_at,
        closes_at=item.closes_at,
        address=f"{site}/mod/assign/view.php?id={item.module_id}",
        submission=state,
        submitted_at=own.changed_at if own and is_in else None,
    )


def _state(own: Submission) -> SubmissionState:
    if own.graded or own.grade:
        return SubmissionState.GRADED
    return STATES.get(own.status, SubmissionState.NONE)


def _of_quiz(
    item: Quiz, course_ids: Mapping[int, UUID], site: str
) -> ListedDeadline | None:
    course_id = course_ids.get(item.course_id)
    if item.closes_at is None or course_id is None:
        return None
    return ListedDeadline(
        course_id=course_id,
        cmid=item.module_id,
        kind=DeadlineKind.QUIZ,
        title=item.name,
        due_at=item.closes_at,
        opens_at=item.opens_at,
        closes_at=item.closes_at,
        address=f"{site}/mod/quiz/view.php?id={item.module_id}",
    )


def _of_events(
    events: Iterable[ActionEvent], course_ids: Mapping[int, UUID]
) -> Iterator[ListedDeadline]:
    """Return one date a module: what is due next, else what was due last."""
    chosen: dict[tuple[int, int], ActionEvent] = {}
    for event in events:
        if event.module_kind in NOT_EVENTS or not event.module_id or not event.at:
            continue
        place = (event.course_id or 0, event.module_id)
        if place not in chosen or chosen[place].overdue:
            chosen[place] = event
    for (course, cmid), event in chosen.items():
        if course in course_ids and event.at:
            yield ListedDeadline(
                course_id=course_ids[course],
                cmid=cmid,
                kind=DeadlineKind.EVENT,
                title=event.activity_name or event.name,
                due_at=event.at,
                address=event.url or None,
            )


def grades(lines: Iterable[GradeLine]) -> list[ListedGrade]:
    """Return the gradebook of a course in its own order."""
    return [_of_line(line, place) for place, line in enumerate(lines)]


def _of_line(line: GradeLine, place: int) -> ListedGrade:
    kind = GRADE_KINDS.get(line.kind, GradeKind.MANUAL)
    return ListedGrade(
        moodle_id=line.id,
        cmid=line.module_id,
        kind=kind,
        name=line.name or TOTALS.get(kind, "Grade"),
        position=place,
        grade=line.grade,
        minimum=line.minimum,
        maximum=line.maximum,
        weight=line.weight,
        shown=line.shown,
        feedback=html_to_text(line.feedback_html),
        graded_at=line.graded_at,
    )


def announcements(
    forum: Forum, discussions: Iterable[Discussion], *, site: str
) -> list[ListedAnnouncement]:
    """Return what was told in the news of a course; `site` is the address of the Moodle."""
    return [
        ListedAnnouncement(
            cmid=forum.module_id,
            discussion_id=item.id,
            subject=item.subject,
            text=html_to_text(item.html),
            author=item.author,
            posted_at=posted_at,
            address=f"{site}/mod/forum/discuss.php?d={item.id}",
        )
        for item in discussions
        if (posted_at := item.created_at or item.modified_at or item.active_at)
    ]
