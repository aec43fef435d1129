"""What is due: assignments with their submissions, quizzes, and events that ask for action."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator

from studymaster.adapters.moodle.translate.course import FileEntry
from studymaster.adapters.moodle.translate.values import (
    Caution,
    Flag,
    Id,
    Moment,
    Name,
    OptionalName,
    OptionalText,
    Place,
    WebAddress,
    left_out,
    wire,
)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One assignment; `due_at` already contains what was set for this student alone.

    An extension is not in it: that stands in the student's `Submission`. `closes_at` is when
    nothing is taken any more. Where `offline`, nothing is handed in through Moodle.
    """

    id: Id
    module_id: Annotated[Id, wire("cmid")]
    course_id: Annotated[Id, wire("course")]
    name: Name
    due_at: Annotated[Moment, wire("duedate")]
    opens_at: Annotated[Moment, wire("allowsubmissionsfromdate")] = None
    closes_at: Annotated[Moment, wire("cutoffdate")] = None
    modified_at: Annotated[Moment, wire("timemodified")] = None
    offline: Annotated[Flag, wire("nosubmissions")] = False
    description_html: Annotated[OptionalText, wire("intro")] = ""
    files: Annotated[tuple[FileEntry, ...], wire("introattachments")] = ()


@dataclass(frozen=True, slots=True)
class CourseAssignments:
    """The assignments of one course."""

    assignments: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class AssignmentList:
    """The assignments of many courses."""

    courses: tuple[CourseAssignments, ...]
    warnings: tuple[Caution, ...] = ()

    @property
    def left_out(self) -> frozenset[int]:
        """The courses of which this says nothing."""
        return left_out(self.warnings)


@dataclass(frozen=True, slots=True)
class Quiz:
    """One quiz; `time_limit` is in seconds, None for no limit."""

    id: Id
    module_id: Annotated[Id, wire("coursemodule")]
    course_id: Annotated[Id, wire("course")]
    name: Name
    opens_at: Annotated[Moment, wire("timeopen")] = None
    closes_at: Annotated[Moment, wire("timeclose")] = None
    time_limit: Annotated[
        Place | None, wire("timelimit"), AfterValidator(lambda seconds: seconds or None)
    ] = None
    description_html: Annotated[OptionalText, wire("intro")] = ""


@dataclass(frozen=True, slots=True)
class QuizList:
    """The quizzes of many courses."""

    quizzes: tuple[Quiz, ...]
    warnings: tuple[Caution, ...] = ()

    @property
    def left_out(self) -> frozenset[int]:
        """The courses of which this says nothing."""
        return left_out(self.warnings)


@dataclass(frozen=True, slots=True)
class ActionEvent:
    """Something in the calendar that waits for the student.

    `module_id` is the activity behind it, None for an event without one. `kind` is Moodle's
    own word, such as "due", "close" or "closesubmission"; `module_kind` the module type.
    `actionable` tells whether it can be done already; `open_count` how much there is to do.
    """

    id: Id
    name: Name
    at: Annotated[Moment, wire("timesort")]
    kind: Annotated[OptionalText, wire("eventtype")] = ""
    module_kind: Annotated[OptionalText, wire("modulename")] = ""
    module_id: Annotated[Id | None, wire("instance")] = None
    course_id: Annotated[Id | None, wire("course.id")] = None
    activity_name: Annotated[OptionalName, wire("activityname")] = ""
    overdue: Flag = False
    url: WebAddress = ""
    action: Annotated[OptionalName, wire("action.name")] = ""
    actionable: Annotated[Flag, wire("action.actionable")] = False
    open_count: Annotated[Place | None, wire("action.itemcount")] = None


@dataclass(frozen=True, slots=True)
class ActionEventPart:
    """Some events in the order of their time; the next part begins after `last_id`."""

    events: tuple[ActionEvent, ...]
    first_id: Annotated[Id | None, wire("firstid")] = None
    last_id: Annotated[Id | None, wire("lastid")] = None


class SubmissionStatus(StrEnum):
    """How far the student's work on an assignment has come.

    NONE: nothing there. NEW: opened, nothing saved. REOPENED: another attempt is allowed.
    """

    NONE = "none"
    NEW = "new"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    REOPENED = "reopened"

    @classmethod
    def _missing_(cls, value: object) -> "SubmissionStatus":  # noqa: ARG003 -- enum's own signature
        """A word that Moodle does not have yet says nothing sure about the work."""
        return cls.NONE


@dataclass(frozen=True, slots=True)
class FeedbackText:
    """One text that a teacher wrote."""

    html: Annotated[OptionalText, wire("text")] = ""


@dataclass(frozen=True, slots=True)
class FeedbackPart:
    """One kind of feedback on a submission."""

    texts: Annotated[tuple[FeedbackText, ...], wire("editorfields")] = ()


@dataclass(frozen=True, slots=True)
class Submission:
    """The student's work on one assignment: their own, or their team's where teams hand in.

    `grade` is Moodle's number as text ("87.50000"), "" while there is none; `shown_grade_html`
    its wording. `extended_to` is a later due date granted to this student.
    """

    status: Annotated[
        SubmissionStatus,
        wire("lastattempt.teamsubmission.status", "lastattempt.submission.status"),
    ] = SubmissionStatus.NONE
    changed_at: Annotated[
        Moment,
        wire(
            "lastattempt.teamsubmission.timemodified",
            "lastattempt.submission.timemodified",
        ),
    ] = None
    graded: Annotated[Flag, wire("lastattempt.graded")] = False
    extended_to: Annotated[Moment, wire("lastattempt.extensionduedate")] = None
    grade: Annotated[OptionalText, wire("feedback.grade.grade")] = ""
    shown_grade_html: Annotated[OptionalText, wire("feedback.gradefordisplay")] = ""
    graded_at: Annotated[Moment, wire("feedback.gradeddate")] = None
    feedback: Annotated[tuple[FeedbackPart, ...], wire("feedback.plugins")] = ()

    @property
    def feedback_html(self) -> str:
        """What the teacher wrote, "" for nothing."""
        texts = (text.html for part in self.feedback for text in part.texts)
        return "\n".join(text for text in texts if text.strip())
