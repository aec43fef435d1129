"""How far the student has come with one assignment: handed in or not, graded or not."""

from html import escape
from typing import Any

from demo.campus import Course, Module
from demo.parameters import Args
from demo.services.call import Call, attached_file
from demo.wire import Json, missing_record

_HAND_IN_BEFORE = 86_400
_GRADED_AFTER = 7_200


def submission_status(call: Call, args: Args) -> Json:
    """The student's own attempt, and the feedback once there is a grade."""
    course, module = _assignment(call, args["assignid"])
    call.course(course.id)
    is_open = module.task.opens <= call.seconds
    answer: dict[str, Any] = {"lastattempt": _attempt(call, module, is_open=is_open)}
    if call.student.username in module.task.grades:
        answer["feedback"] = _feedback(call, module)
    attached = [attached_file(call, module, file) for file in module.files]
    answer["assignmentdata"] = (
        {"attachments": {"intro": attached}} if is_open else list[Json]()
    )
    return answer | {"warnings": list[Json]()}


def _assignment(call: Call, instance: int) -> tuple[Course, Module]:
    found = call.campus.find_open("assign", instance)
    if found is None:
        msg = "assign"
        raise missing_record(msg)
    return found


def _attempt(call: Call, module: Module, *, is_open: bool) -> Json:
    graded = call.student.username in module.task.grades
    handed_in = graded or call.student.username in module.task.submitted
    may_edit = is_open and not graded
    submission: dict[str, Any] = (
        {"submission": _submission(call, module)} if handed_in else {}
    )
    return submission | {
        "submissiongroupmemberswhoneedtosubmit": list[Json](),
        "submissionsenabled": True,
        "locked": False,
        "graded": graded,
        "canedit": may_edit,
        "caneditowner": may_edit,
        "cansubmit": False,
        "extensionduedate": 0 if graded else None,
        "timelimit": 0,
        "blindmarking": False,
        "gradingstatus": "graded" if graded else "notgraded",
        "usergroups": [1],
    }


def _handed_in_at(module: Module) -> int:
    return max(module.task.due - _HAND_IN_BEFORE, module.created)


def _submission(call: Call, module: Module) -> Json:
    moment = _handed_in_at(module)
    return {
        "id": module.instance,
        "userid": call.student.id,
        "attemptnumber": 0,
        "timecreated": moment,
        "timemodified": moment,
        "timestarted": None,
        "status": "submitted",
        "groupid": 0,
        "assignment": module.instance,
        "latest": 1,
        "plugins": [
            {
                "type": "onlinetext",
                "name": "Online text",
                "fileareas": [{"area": "submissions_onlinetext", "files": list[Json]()}],
                "editorfields": [
                    {
                        "name": "onlinetext",
                        "description": "Online text submissions",
                        "text": "<p>See the sheet.</p>",
                        "format": 1,
                    }
                ],
            },
            {
                "type": "file",
                "name": "File submissions",
                "fileareas": [{"area": "submission_files", "files": list[Json]()}],
            },
            {"type": "comments", "name": "Submission comments"},
        ],
    }


def _feedback(call: Call, module: Module) -> Json:
    task, moment = module.task, _handed_in_at(module) + _GRADED_AFTER
    grade = task.grades[call.student.username]
    return {
        "grade": {
            "id": module.instance,
            "assignment": module.instance,
            "userid": call.student.id,
            "attemptnumber": 0,
            "timecreated": moment,
            "timemodified": moment,
            "grader": 2,
            "grade": f"{grade:.5f}",
        },
        "gradefordisplay": f"{grade:.2f}&nbsp;/&nbsp;{task.maximum:.2f}",
        "gradeddate": moment,
        "plugins": [
            {
                "type": "comments",
                "name": "Feedback comments",
                "fileareas": [{"area": "feedback", "files": list[Json]()}],
                "editorfields": [
                    {
                        "name": "comments",
                        "description": "Feedback comments",
                        "text": f"<p>{escape(task.feedback)}</p>",
                        "format": 1,
                    }
                ],
            }
        ],
    }
