"""Everything that StudyMaster may ask a Moodle site, and the shape of each answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from studymaster.adapters.moodle.failures import SITE_INFO_FUNCTION, NotAnswerableError
from studymaster.adapters.moodle.translate.course import CourseInfo, Section
from studymaster.adapters.moodle.translate.deadlines import (
    ActionEventPart,
    AssignmentList,
    QuizList,
    Submission,
)
from studymaster.adapters.moodle.translate.grades import GradeReport
from studymaster.adapters.moodle.translate.site import PublicConfig, SiteInfo
from studymaster.adapters.moodle.translate.texts import (
    DiscussionPart,
    Forum,
    GlossaryList,
    GlossaryPart,
    PageList,
)
from studymaster.adapters.moodle.wire import JSON

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """A function that StudyMaster may ask a Moodle site, and the shape of its answer."""

    function: str
    shape: TypeAdapter[T]

    def translate(self, answer: JSON, *, host: str = "") -> T:
        """Return the answer in the product's words; NotAnswerableError if misshapen."""
        try:
            return self.shape.validate_python(answer)
        except (ValidationError, RecursionError) as error:
            raise NotAnswerableError(host, detail=_describe(self.function, error)) from None


def _describe(function: str, error: Exception) -> str:
    """Say where the shape differs, without the values, which may be personal."""
    if not isinstance(error, ValidationError):
        return f"{function}: nested too deeply"
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(map(str, first["loc"]))
    return (
        f"{function}: {error.error_count()} differences, first at {place}: {first['msg']}"
    )


PUBLIC_CONFIG: Final = Question("tool_mobile_get_public_config", TypeAdapter(PublicConfig))
SITE_INFO: Final = Question(SITE_INFO_FUNCTION, TypeAdapter(SiteInfo))
COURSES: Final = Question("core_enrol_get_users_courses", TypeAdapter(list[CourseInfo]))
CONTENTS: Final = Question("core_course_get_contents", TypeAdapter(list[Section]))
ASSIGNMENTS: Final = Question("mod_assign_get_assignments", TypeAdapter(AssignmentList))
SUBMISSION: Final = Question("mod_assign_get_submission_status", TypeAdapter(Submission))
QUIZZES: Final = Question("mod_quiz_get_quizzes_by_courses", TypeAdapter(QuizList))
ACTION_EVENTS: Final = Question(
    "core_calendar_get_action_events_by_timesort", TypeAdapter(ActionEventPart)
)
GRADES: Final = Question("gradereport_user_get_grade_items", TypeAdapter(GradeReport))
PAGES: Final = Question("mod_page_get_pages_by_courses", TypeAdapter(PageList))
GLOSSARIES: Final = Question(
    "mod_glossary_get_glossaries_by_courses", TypeAdapter(GlossaryList)
)
GLOSSARY_ENTRIES: Final = Question(
    "mod_glossary_get_entries_by_letter", TypeAdapter(GlossaryPart)
)
FORUMS: Final = Question("mod_forum_get_forums_by_courses", TypeAdapter(list[Forum]))
DISCUSSIONS: Final = Question(
    "mod_forum_get_forum_discussions", TypeAdapter(DiscussionPart)
)

# Everything StudyMaster may ask. All of them only read; none marks anything as viewed.
QUESTIONS: Final[Mapping[str, Question[object]]] = {
    question.function: cast("Question[object]", question)
    for question in (
        PUBLIC_CONFIG,
        SITE_INFO,
        COURSES,
        CONTENTS,
        ASSIGNMENTS,
        SUBMISSION,
        QUIZZES,
        ACTION_EVENTS,
        GRADES,
        PAGES,
        GLOSSARIES,
        GLOSSARY_ENTRIES,
        FORUMS,
        DISCUSSIONS,
    )
}
ALLOWED_FUNCTIONS: Final = frozenset(QUESTIONS)

# An envelope around allowed functions; it is no question itself and never inside another.
BATCH_FUNCTION: Final = "tool_mobile_call_external_functions"
