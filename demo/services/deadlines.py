"""What is due and what was achieved: assignments, the calendar of things to do, grades."""

import base64
from datetime import UTC, datetime
from typing import Any

from demo.campus import DAY, Course, Module
from demo.parameters import Args
from demo.services.call import Call, attached_file
from demo.services.courses import progress_of
from demo.wire import Json, RefusalError

_MOST_EVENTS = 50

_ASSIGNMENT_SWITCHES = {
    "gradingduedate": 0,
    "teamsubmission": 0,
    "requireallteammemberssubmit": 0,
    "teamsubmissiongroupingid": 0,
    "blindmarking": 0,
    "hidegrader": 0,
    "revealidentities": 0,
    "attemptreopenmethod": "none",
    "maxattempts": -1,
    "markingworkflow": 0,
    "markingallocation": 0,
    "markinganonymous": 0,
    "requiresubmissionstatement": 0,
    "preventsubmissionnotingroup": 0,
}
_PLUGINS = (
    ("onlinetext", "assignsubmission", "enabled", "1"),
    ("file", "assignsubmission", "enabled", "1"),
    ("file", "assignsubmission", "maxfilesubmissions", "3"),
    ("comments", "assignfeedback", "enabled", "1"),
)


def assignments(call: Call, args: Args) -> Json:
    """Assignments by course; courses that have none are listed with an empty list."""
    courses, refused = call.courses(args["courseids"])
    return {
        "courses": [
            {
                "id": course.id,
                "fullname": call.name(course.fullname),
                "shortname": call.name(course.shortname),
                "timemodified": course.start,
                "assignments": [
                    _assignment(call, course, module)
                    for _section, module in course.visible_modules("assign")
                ],
            }
            for course in courses
        ],
        "warnings": [
            {
                "item": "course",
                "itemid": course_id,
                "warningcode": "2",
                "message": "User is not enrolled or does not have requested capability",
            }
            for course_id in refused
        ],
    }


def _assignment(call: Call, course: Course, module: Module) -> Json:
    return {
        "id": module.instance,
        "cmid": module.cmid,
        "course": course.id,
        "name": call.name(module.name),
        "nosubmissions": 0,
        "submissiondrafts": 0,
        "sendnotifications": 0,
        "sendlatenotifications": 0,
        "sendstudentnotifications": 1,
        "duedate": module.task.due,
        "allowsubmissionsfromdate": module.task.opens,
        "grade": module.task.maximum,
        "timemodified": module.modified,
        "completionsubmit": 0,
        "cutoffdate": 0,
        **_ASSIGNMENT_SWITCHES,
        "configs": [
            {"plugin": plugin, "subtype": subtype, "name": name, "value": value}
            for plugin, subtype, name, value in _PLUGINS
        ],
        "intro": module.intro or " ",
        "introformat": 1,
        "introfiles": [],
        "introattachments": [attached_file(call, module, file) for file in module.files],
        "timelimit": 0,
        "submissionattachments": 0,
    }


# -- the calendar of things to do


def action_events(call: Call, args: Args) -> Json:
    """What the student still has to do, by date; what is overdue comes first."""
    if not 1 <= args["limitnum"] <= _MOST_EVENTS:
        code = f"Limit must be between 1 and {_MOST_EVENTS} (inclusive)"
        raise RefusalError(errorcode=code, message=f"error/{code}")
    if args["userid"] not in {None, 0, call.student.id}:
        raise RefusalError(
            errorcode="nopermissions",
            message="Sorry, but you do not currently have permissions to do that.",
            exception="required_capability_exception",
        )
    last = args["timesortto"]
    due = [
        (course, module)
        for course in call.courses([])[0]
        for module in _to_do(call, course)
        if args["timesortfrom"] <= module.task.due
        and (last is None or module.task.due <= last)
    ]
    due.sort(key=lambda pair: (pair[1].task.due, pair[1].cmid))
    after = next(
        (i + 1 for i, (_c, m) in enumerate(due) if m.cmid == args["aftereventid"]), 0
    )
    events = [_event(call, *pair) for pair in due[after : after + args["limitnum"]]]
    answer: dict[str, Any] = {"events": events}
    if events:
        answer |= {"firstid": events[0]["id"], "lastid": events[-1]["id"]}
    return answer


def _to_do(call: Call, course: Course) -> list[Module]:
    who = call.student.username
    open_tasks = [
        module
        for _section, module in course.visible_modules("assign")
        if module.task.due and who not in module.task.submitted
    ]
    open_quizzes = [
        module
        for _section, module in course.visible_modules("quiz")
        if module.task.due >= call.seconds and who not in module.task.submitted
    ]
    return open_tasks + open_quizzes


# Of an assignment and a quiz: event name, activity string, type, icon text, action.
_WORDS = {
    "assign": ("is due", "Assignment is due", "due", "Activity event", "Add submission"),
    "quiz": ("closes", "Quiz closes", "close", "Close window", "Attempt quiz now"),
}


_NO_PLACE = {
    "location": "",
    "categoryid": None,
    "groupid": None,
    "userid": 2,
    "repeatid": None,
    "eventcount": None,
}
_FLAGS = {
    "formattedlocation": "",
    "isactionevent": True,
    "iscourseevent": False,
    "iscategoryevent": False,
    "groupname": None,
    "normalisedeventtype": "course",
    "normalisedeventtypetext": "Course event",
}


def _event(call: Call, course: Course, module: Module) -> Json:
    ending, activity, kind, alt, _action = _WORDS[module.kind]
    due, name = module.task.due, call.name(module.name)
    return {
        "id": module.cmid,
        "name": f"{name} {ending}",
        "description": module.intro or " ",
        "descriptionformat": 1,
        **_NO_PLACE,
        "component": f"mod_{module.kind}",
        "modulename": module.kind,
        "activityname": name,
        "activitystr": activity,
        "instance": module.cmid,
        "eventtype": kind,
        "timestart": due,
        "timeduration": 0,
        "timesort": due,
        "timeusermidnight": due - due % DAY,
        "visible": 1,
        "timemodified": module.modified,
        "overdue": module.kind == "assign" and due < call.seconds,
        "icon": {
            "key": "monologo",
            "component": module.kind,
            "alttext": alt,
            "iconurl": call.icon(module.kind),
            "iconclass": "",
        },
        "course": _event_course(call, course),
        "subscription": {"displayeventsource": False},
        **_event_links(call, course, module),
    }


def _event_links(call: Call, course: Course, module: Module) -> dict[str, Any]:
    due, site = module.task.due, call.site
    view = f"{site}/mod/{module.kind}/view.php?id={module.cmid}"
    day = f"{site}/calendar/view.php?view=day"
    when = datetime.fromtimestamp(due, UTC)
    return {
        "canedit": False,
        "candelete": False,
        "deleteurl": f"{site}/calendar/delete.php?id={module.cmid}&course={course.id}",
        "editurl": f"{site}/course/mod.php?update={module.cmid}&return=1",
        "viewurl": f"{day}&course={course.id}&time={due}#event_{module.cmid}",
        "formattedtime": f'<a href="{day}&amp;time={due}">{when:%A, %-d %B}</a>,'
        f" {when:%-I:%M %p}",
        **_FLAGS,
        "action": {
            "name": _WORDS[module.kind][-1],
            "url": view,
            "itemcount": 1,
            "actionable": module.task.opens <= call.seconds,
            "showitemcount": False,
        },
        "purpose": "assessment",
        "branded": False,
        "url": view,
    }


def course_svg(course: Course) -> str:
    """The generated picture of a course: a field of its colour with a lighter disc."""
    return (
        '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="360" height="360">'
        f'<rect x="0" y="0" width="100%" height="100%" fill="{course.colour}" />'
        '<circle cx="250" cy="110" r="90" fill="#ffffff" fill-opacity="0.15" /></svg>'
    )


def _event_course(call: Call, course: Course) -> Json:
    progress = progress_of(call, course)
    picture = base64.b64encode(course_svg(course).encode()).decode()
    return {
        "id": course.id,
        "fullname": call.name(course.fullname),
        "shortname": call.name(course.shortname),
        "idnumber": course.idnumber,
        "summary": course.summary,
        "summaryformat": 1,
        "startdate": course.start,
        "enddate": course.end,
        "visible": True,
        "showactivitydates": True,
        "showcompletionconditions": True,
        "pdfexportfont": "",
        "fullnamedisplay": call.name(course.fullname),
        "viewurl": f"{call.site}/course/view.php?id={course.id}",
        "courseimage": f"data:image/svg+xml;base64,{picture}",
        "progress": int(progress or 0),
        "hasprogress": progress is not None,
        "isfavourite": False,
        "hidden": False,
        "showshortname": False,
        "coursecategory": course.category,
    }


# -- grades


def grade_items(call: Call, args: Args) -> Json:
    """The student's own grades of a course: one item for each task, then the total."""
    course = call.course(args["courseid"])
    if args["userid"] == 0:
        raise RefusalError(
            errorcode="nopermissions",
            message="Sorry, but you do not currently have permissions to do that (View grades).",
            exception="required_capability_exception",
        )
    if args["userid"] != call.student.id:
        raise RefusalError(
            errorcode="nopermissiontoviewgrades", message="Cannot view grades."
        )
    tasks = [
        module
        for kind in ("assign", "quiz")
        for _section, module in course.visible_modules(kind)
    ]
    return {
        "usergrades": [
            {
                "courseid": course.id,
                "courseidnumber": course.idnumber,
                "userid": call.student.id,
                "userfullname": call.student.fullname,
                "useridnumber": "",
                "maxdepth": 2,
                "gradeitems": [
                    *(_grade_item(call, module, tasks) for module in tasks),
                    _total(call, course, tasks),
                ],
            }
        ],
        "warnings": [],
    }


def _graded(call: Call, tasks: list[Module]) -> list[Module]:
    return [module for module in tasks if call.student.username in module.task.grades]


def _graded_at(module: Module) -> int:
    """A quiz grades itself, an assignment takes the teacher two days."""
    task = module.task
    return task.opens + DAY if module.kind == "quiz" else task.due + 2 * DAY


def _points(value: float | None, maximum: float) -> dict[str, Any]:
    missing = value is None
    return {
        "gradehiddenbydate": False,
        "gradeneedsupdate": False,
        "gradeishidden": False,
        "gradeislocked": None,
        "gradeisoverridden": None,
        "gradeformatted": "-" if missing else f"{value:.2f}",
        "grademin": 0,
        "grademax": maximum,
        "rangeformatted": f"0&ndash;{maximum:g}",
        "percentageformatted": "-" if missing else f"{100 * value / maximum:.2f} %",
    }


def _grade_item(call: Call, module: Module, tasks: list[Module]) -> Json:
    value = module.task.grades.get(call.student.username)
    whole = sum(other.task.maximum for other in _graded(call, tasks))
    weight = module.task.maximum / whole if value is not None else 0
    item: dict[str, Any] = {
        "id": 1000 + module.cmid,
        "itemname": call.name(module.name),
        "itemtype": "mod",
        "itemmodule": module.kind,
        "iteminstance": module.instance,
        "itemnumber": 0,
        "idnumber": "",
        "categoryid": 1,
        "outcomeid": None,
        "scaleid": None,
        "locked": None,
        "cmid": module.cmid,
        "weightraw": round(weight, 5),
        "weightformatted": f"{100 * weight:.2f} %",
    }
    if value is None:
        item["status"] = "novalue"
    return item | {
        "graderaw": value,
        "gradedatesubmitted": None,
        "gradedategraded": None if value is None else _graded_at(module),
        **_points(value, module.task.maximum),
        "feedback": "" if value is None else module.task.feedback,
        "feedbackformat": 2 if value is None else 1,
    }


def _total(call: Call, course: Course, tasks: list[Module]) -> Json:
    graded = _graded(call, tasks)
    value = sum(module.task.grades[call.student.username] for module in graded)
    return {
        "id": 1000 + course.id,
        "itemname": None,
        "itemtype": "course",
        "itemmodule": None,
        "iteminstance": 1,
        "itemnumber": None,
        "idnumber": None,
        "categoryid": None,
        "outcomeid": None,
        "scaleid": None,
        "locked": None,
        "graderaw": value if graded else None,
        "gradedatesubmitted": None,
        "gradedategraded": max(map(_graded_at, graded), default=None),
        **_points(value if graded else None, sum(m.task.maximum for m in graded) or 100),
        "feedback": "",
        "feedbackformat": 2,
    }
