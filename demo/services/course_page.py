"""What stands on a course page: its sections, and the modules in them."""

import json
from functools import cache
from typing import Any

from demo.campus import Module, Section, Task
from demo.parameters import Args
from demo.services.call import Call, file_icon
from demo.services.courses import is_tracked
from demo.services.module_contents import CONTENTS
from demo.wire import Json, RefusalError

# Kind of module: its heading in the plural, and what it is for.
_KINDS = {
    "resource": ("Files", "content"),
    "page": ("Pages", "content"),
    "book": ("Books", "content"),
    "folder": ("Folders", "content"),
    "label": ("Text and media areas", "content"),
    "url": ("URLs", "content"),
    "glossary": ("Glossaries", "collaboration"),
    "forum": ("Forums", "collaboration"),
    "assign": ("Assignments", "assessment"),
    "quiz": ("Quizzes", "assessment"),
}

_DESCRIBED = frozenset({"label", "resource"})  # whose description stands on the course page
_BADGED = frozenset({"forum", "resource"})

_OPTIONS = frozenset(
    {
        "excludemodules",
        "excludecontents",
        "includestealthmodules",
        "sectionid",
        "sectionnumber",
        "cmid",
        "modname",
        "modid",
    }
)
_NOT_SET = frozenset({"", "0", "false"})


def contents(call: Call, args: Args) -> Json:
    """The sections of a course with their modules; the site's own course is empty."""
    options = {option["name"]: option["value"] for option in args["options"]}
    for name in options.keys() - _OPTIONS:
        error = RefusalError(
            errorcode="errorinvalidparam", message=f'The param "{name}" is invalid.'
        )
        raise error
    if args["courseid"] == 1:
        return []
    course = call.course(args["courseid"])
    return [
        _section_record(call, section, options)
        for section in course.sections
        if options.get("sectionid", str(section.id)) == str(section.id)
        and options.get("sectionnumber", str(section.number)) == str(section.number)
    ]


def _section_record(call: Call, section: Section, options: dict[str, str]) -> Json:
    modules = [
        module
        for module in section.modules
        if not module.hidden
        and options.get("cmid", str(module.cmid)) == str(module.cmid)
        and options.get("modname", module.kind) == module.kind
        and options.get("excludemodules", "") in _NOT_SET
    ]
    return {
        "id": section.id,
        "name": call.name(section.name),
        "visible": 1,
        "summary": section.summary,
        "summaryformat": 1,
        "section": section.number,
        "hiddenbynumsections": 0,
        "uservisible": True,
        "modules": [_module_record(call, module, options) for module in modules],
    }


def _module_record(call: Call, module: Module, options: dict[str, str]) -> Json:
    plural, purpose = _KINDS[module.kind]
    is_label = module.kind == "label"
    record: dict[str, Any] = {"id": module.cmid}
    if not is_label:
        record["url"] = f"{call.site}/mod/{module.kind}/view.php?id={module.cmid}"
    record |= {
        "name": call.name(module.name),
        "instance": module.instance,
        "contextid": module.contextid,
    }
    if module.intro and module.kind in _DESCRIBED:
        record["description"] = f'<div class="no-overflow">{module.intro}</div>'
    record |= {"visible": 1, "uservisible": not module.restricted}
    if module.restricted:
        record["availabilityinfo"] = module.restricted
    record |= {
        "visibleoncoursepage": 1,
        "modicon": _module_icon(call, module),
        "modname": module.kind,
        "purpose": purpose,
        "branded": False,
        "modplural": plural,
        "indent": 0,
        "onclick": "",
        "afterlink": None,
    }
    if module.kind in _BADGED:
        record["activitybadge"] = []
    record |= {
        "customdata": _custom_data(module.kind, module.task.opens, module.task.due),
        "noviewlink": is_label,
        "completion": 2 if is_tracked(module) else 0,
    }
    if is_tracked(module):
        record["completiondata"] = _completion(call, module)
    record |= {"downloadcontent": 1, "dates": _dates(call, module.task), "groupmode": 0}
    return record | _contents_of(call, module, options)


def _module_icon(call: Call, module: Module) -> str:
    if module.kind == "resource" and module.files:
        return call.icon("core", f"f/{file_icon(module.files[0].mimetype)}?filtericon=1")
    return call.icon(module.kind)


@cache
def _custom_data(kind: str, opens: int, due: int) -> str:
    known = {
        "forum": {"trackingtype": "1"},
        "resource": {
            "filtericon": True,
            "displayoptions": 'a:1:{s:10:"printintro";i:0;}',
            "display": 5,
        },
        "url": {"display": 4, "filtericon": True},
        "assign": _given({"duedate": due, "allowsubmissionsfromdate": str(opens)}),
        "quiz": _given({"timeopen": str(opens), "timeclose": str(due)}),
    }.get(kind)
    return json.dumps(known or "", separators=(",", ":"))


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (0, "0")}


def _completion(call: Call, module: Module) -> Json:
    done = int(call.student.username in module.seen)
    return {
        "state": done,
        "timecompleted": module.created + 7200 if done else 0,
        "overrideby": None,
        "valueused": False,
        "hascompletion": True,
        "isautomatic": True,
        "istrackeduser": True,
        "uservisible": True,
        "details": [
            {
                "rulename": "completionview",
                "rulevalue": {"status": done, "description": "View"},
            }
        ],
        "isoverallcomplete": bool(done),
    }


def _dates(call: Call, task: Task) -> Json:
    is_quiz = bool(task.minutes)
    opens = ("Opened:" if task.opens <= call.seconds else "Opens:", task.opens)
    shut = "Closed:" if task.due <= call.seconds else "Closes:"
    due = (shut if is_quiz else "Due:", task.due)
    keys = ("timeopen", "timeclose") if is_quiz else ("allowsubmissionsfromdate", "duedate")
    return [
        {"label": label, "timestamp": when, "dataid": key}
        for (label, when), key in zip((opens, due), keys, strict=True)
        if when
    ]


def _contents_of(call: Call, module: Module, options: dict[str, str]) -> dict[str, Any]:
    if module.kind not in CONTENTS or module.restricted:
        return {}
    listed = CONTENTS[module.kind](call, module)
    return {
        "contents": listed if options.get("excludecontents", "") in _NOT_SET else [],
        "contentsinfo": {
            "filescount": len(listed),
            "filessize": sum(entry["filesize"] for entry in listed),
            "lastmodified": max((entry["timemodified"] for entry in listed), default=0),
            "mimetypes": list(
                dict.fromkeys(entry["mimetype"] for entry in listed if "mimetype" in entry)
            ),
            "repositorytype": "",
        },
    }
