"""Which courses a student takes, and how far they have come in each."""

from typing import Any

from demo.campus import Course, Module
from demo.parameters import Args
from demo.services.call import Call
from demo.wire import Json


def users_courses(call: Call, args: Args) -> Json:
    """The courses of a student; of another student, those that both take."""
    own = call.campus.courses_of(call.student)
    wanted = next(
        (
            student
            for student in call.campus.students.values()
            if student.id == args["userid"]
        ),
        None,
    )
    if wanted is None:
        return []
    shared = [course for course in own if course.is_taken_by(wanted)]
    return [_course_record(call, course, args) for course in reversed(shared)]


def progress_of(call: Call, course: Course) -> float | None:
    """Percent of the tracked modules that the student has completed, None without any."""
    tracked = [module for _section, module in course.modules if is_tracked(module)]
    if not tracked:
        return None
    done = sum(call.student.username in module.seen for module in tracked)
    return 100 * done / len(tracked)


def is_tracked(module: Module) -> bool:
    """Whether the site notes who has seen a module."""
    return module.kind == "resource" and not module.hidden and not module.restricted


def _course_record(call: Call, course: Course, args: Args) -> Json:
    takers = sum(map(course.is_taken_by, call.campus.students.values()))
    record: dict[str, Any] = {
        "id": course.id,
        "shortname": call.name(course.shortname),
        "fullname": call.name(course.fullname),
        "displayname": call.name(course.fullname),
        "enrolledusercount": takers,
        "idnumber": course.idnumber,
        "visible": 1,
        "summary": course.summary,
        "summaryformat": 1,
        "format": "topics",
        "courseimage": f"{call.site}/pluginfile.php/{course.contextid}"
        "/course/generated/course.svg",
        "showgrades": True,
        "lang": "",
        "enablecompletion": True,
        "completionhascriteria": False,
        "completionusertracked": True,
        "category": 2,
        "progress": progress_of(call, course),
        "completed": False,
        "startdate": course.start,
        "enddate": course.end,
        "marker": 0,
        "lastaccess": None,
        "isfavourite": False,
        "hidden": False,
        "overviewfiles": [],
        "showactivitydates": True,
        "showcompletionconditions": True,
        "timemodified": course.start,
    }
    if not args["returnusercount"]:
        del record["enrolledusercount"]
    return record
