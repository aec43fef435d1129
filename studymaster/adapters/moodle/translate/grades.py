"""A course's gradebook, as it is shown to the student."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator

from studymaster.adapters.moodle.translate.values import (
    Flag,
    Id,
    Moment,
    Number,
    OptionalName,
    OptionalText,
    Text,
    wire,
)

HIGHEST = 100.0


@dataclass(frozen=True, slots=True)
class GradeLine:
    """One line of the gradebook; several may belong to one activity.

    `kind` is Moodle's own word: "mod" (an activity, `module_id`), "manual" (set by hand),
    "category" or "course" (totals, whose `name` is "" where the teacher gave none). `grade`
    is in points between `minimum` and `maximum`, None while there is none; `weight` is the
    share of its category from 0 to 1, None where Moodle tells none. `shown` is Moodle's own
    wording of the grade ("-" for none), which is all that is told of a scale or a letter.
    """

    id: Id
    kind: Annotated[Text, wire("itemtype")]
    name: Annotated[OptionalName, wire("itemname")] = ""
    module_kind: Annotated[OptionalText, wire("itemmodule")] = ""
    module_id: Annotated[Id | None, wire("cmid")] = None
    category_id: Annotated[Id | None, wire("categoryid")] = None
    weight: Annotated[Number | None, wire("weightraw")] = None
    grade: Annotated[Number | None, wire("graderaw")] = None
    shown: Annotated[OptionalName, wire("gradeformatted")] = ""
    minimum: Annotated[
        Number, BeforeValidator(lambda told: told or 0.0), wire("grademin")
    ] = 0.0
    maximum: Annotated[
        Number,
        BeforeValidator(lambda told: HIGHEST if told is None else told),
        wire("grademax"),
    ] = HIGHEST
    feedback_html: Annotated[OptionalText, wire("feedback")] = ""
    graded_at: Annotated[Moment, wire("gradedategraded")] = None
    hidden: Annotated[Flag, wire("gradeishidden")] = False
    hidden_by_date: Annotated[Flag, wire("gradehiddenbydate")] = False


@dataclass(frozen=True, slots=True)
class UserGrades:
    """The gradebook of one course for one student, in the order of the gradebook."""

    course_id: Annotated[Id, wire("courseid")]
    user_id: Annotated[Id, wire("userid")]
    lines: Annotated[tuple[GradeLine, ...], wire("gradeitems")]


@dataclass(frozen=True, slots=True)
class GradeReport:
    """The answer about one student: one gradebook, or none where nothing is shown."""

    users: Annotated[tuple[UserGrades, ...], wire("usergrades")]

    @property
    def lines(self) -> tuple[GradeLine, ...]:
        """The lines of the only student asked about."""
        return self.users[0].lines if self.users else ()
