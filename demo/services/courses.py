"""Who the student is, which courses there are, and what stands on a course page."""

import json
from collections.abc import Callable
from typing import Any

from demo.campus import SITE_NAME, Course, Module, Section, Task
from demo.parameters import Args
from demo.services.call import Call, file_icon, stored_url
from demo.wire import PLUGIN_VERSION, Json, RefusalError

_FEATURES = {
    "usecomments": 1,
    "usetags": 1,
    "enablenotes": 1,
    "messaging": 1,
    "enableblogs": 1,
    "enablecompletion": 1,
    "enablebadges": 1,
    "messagingallusers": 0,
    "enablecustomreports": 1,
    "enableglobalsearch": 0,
    "mnet_dispatcher_mode": 0,
    "enablecompetencies": 1,
}

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


def site_info(call: Call, function_names: tuple[str, ...]) -> Json:
    """The site and the student who asks."""
    student = call.student
    return {
        "sitename": SITE_NAME,
        "username": student.username,
        "firstname": student.firstname,
        "lastname": student.lastname,
        "fullname": student.fullname,
        "lang": "en",
        "userid": student.id,
        "siteurl": call.site,
        "userpictureurl": call.icon("core", "u/f1"),
        "functions": [{"name": name, "version": PLUGIN_VERSION} for name in function_names],
        "downloadfiles": 1,
        "uploadfiles": 1,
        "release": "4.4.3+ (Build: 20240910)",
        "version": PLUGIN_VERSION,
        "mobilecssurl": "",
        "advancedfeatures": [
            {"name": name, "value": value} for name, value in _FEATURES.items()
        ],
        "usercanmanageownfiles": True,
        "userquota": 104_857_600,
        "usermaxuploadfilesize": 209_715_200,
        "userhomepage": 1,
        "userprivateaccesskey": call.campus.access_key_of(student),
        "siteid": 1,
        "sitecalendartype": "gregorian",
        "usercalendartype": "gregorian",
        "userissiteadmin": False,
        "theme": "boost",
        "limitconcurrentlogins": 0,
        "policyagreed": 0,
    }


def public_config(site: str, *, maintenance: bool, web_services: bool) -> Json:
    """What the site tells anybody."""
    return {
        "wwwroot": site,
        "httpswwwroot": site,
        "sitename": SITE_NAME,
        "guestlogin": 0,
        "rememberusername": 2,
        "authloginviaemail": 0,
        "registerauth": "",
        "forgottenpasswordurl": "",
        "authinstructions": "",
        "authnoneenabled": 0,
        "enablewebservices": int(web_services),
        "enablemobilewebservice": int(web_services),
        "maintenanceenabled": int(maintenance),
        "maintenancemessage": "",
        "typeoflogin": 1,
        "launchurl": f"{site}/admin/tool/mobile/launch.php",
        "mobilecssurl": "",
        "tool_mobile_disabledfeatures": "",
        "country": "0",
        "agedigitalconsentverification": False,
        "supportpage": "",
        "supportavailability": 1,
        "autolang": 1,
        "lang": "en",
        "langmenu": 1,
        "langlist": "",
        "locale": "",
        "tool_mobile_minimumversion": "",
        "tool_mobile_iosappid": "",
        "tool_mobile_androidappid": "",
        "tool_mobile_setuplink": "",
        "tool_mobile_qrcodetype": 1,
        "warnings": [],
    }


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
    shared = [course for course in own if course.shortname in wanted.courses]
    return [_course_record(call, course, args) for course in reversed(shared)]


def progress_of(call: Call, course: Course) -> float | None:
    """Percent of the tracked modules that the student has completed, None without any."""
    tracked = [module for _section, module in course.modules if _is_tracked(module)]
    if not tracked:
        return None
    done = sum(call.student.username in module.seen for module in tracked)
    return 100 * done / len(tracked)


def _is_tracked(module: Module) -> bool:
    return module.kind == "resource" and not module.hidden and not module.restricted


def _course_record(call: Call, course: Course, args: Args) -> Json:
    takers = sum(
        course.shortname in student.courses for student in call.campus.students.values()
    )
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


# -- course pages

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
        "customdata": _custom_data(module),
        "noviewlink": is_label,
        "completion": 2 if _is_tracked(module) else 0,
    }
    if _is_tracked(module):
        record["completiondata"] = _completion(call, module)
    record |= {"downloadcontent": 1, "dates": _dates(call, module.task), "groupmode": 0}
    return record | _contents_of(call, module, options)


def _module_icon(call: Call, module: Module) -> str:
    if module.kind == "resource" and module.files:
        return call.icon("core", f"f/{file_icon(module.files[0].mimetype)}?filtericon=1")
    return call.icon(module.kind)


def _custom_data(module: Module) -> str:
    known = {
        "forum": {"trackingtype": "1"},
        "resource": {
            "filtericon": True,
            "displayoptions": 'a:1:{s:10:"printintro";i:0;}',
            "display": 5,
        },
        "url": {"display": 4, "filtericon": True},
        "assign": _given({"duedate": module.task.due})
        | _given({"allowsubmissionsfromdate": str(module.task.opens)}),
        "quiz": _given(
            {"timeopen": str(module.task.opens), "timeclose": str(module.task.due)}
        ),
    }.get(module.kind)
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


# -- contents of a module

_NOBODY = {"userid": None, "author": None, "license": None}
_COURSE_TEAM = {"userid": 2, "author": "Course team", "license": "cc-4.0"}


def _stored(call: Call, module: Module) -> list[Json]:
    return [
        {
            "type": "file",
            "filename": file.name,
            "filepath": file.path,
            "filesize": len(file.content),
            "fileurl": stored_url(call, module, file) + "?forcedownload=1",
            "timecreated": file.created,
            "timemodified": file.modified,
            "sortorder": int(module.kind == "resource"),
            "mimetype": file.mimetype,
            "isexternalfile": False,
            **(_NOBODY if module.kind == "page" else _COURSE_TEAM),
        }
        for file in module.files
    ]


def _link(_call: Call, module: Module) -> list[Json]:
    return [
        {
            "type": "url",
            "filename": module.name.replace(":", ""),
            "filepath": None,
            "filesize": 0,
            "fileurl": module.url,
            "timecreated": None,
            "timemodified": module.modified,
            "sortorder": None,
            **_NOBODY,
        }
    ]


def _page(call: Call, module: Module) -> list[Json]:
    address = call.file_url(module.contextid, "mod_page/content/index.html")
    return [
        *_stored(call, module),
        {
            "type": "file",
            "filename": "index.html",
            "filepath": "/",
            "filesize": 0,
            "fileurl": f"{address}?forcedownload=1",
            "timecreated": None,
            "timemodified": module.modified,
            "sortorder": 1,
            **_NOBODY,
        },
    ]


def _book(call: Call, module: Module) -> list[Json]:
    times = {"timecreated": module.created, "timemodified": module.modified, "sortorder": 0}
    structure = {
        "type": "content",
        "filename": "structure",
        "filepath": "/",
        "filesize": 0,
        "fileurl": None,
        "content": json.dumps(_outline(module), separators=(",", ":")).replace("/", "\\/"),
        **times,
        **_NOBODY,
    }
    chapters: list[Json] = [
        {
            "type": "file",
            "filename": "index.html",
            "filepath": f"/{chapter.id}/",
            "filesize": 0,
            "fileurl": call.file_url(
                module.contextid, f"mod_book/chapter/{chapter.id}/index.html"
            ),
            "content": call.name(chapter.title),
            **times,
            **_NOBODY,
            "tags": list[str](),
        }
        for chapter in module.chapters
    ]
    return [structure, *chapters]


def _outline(module: Module) -> list[dict[str, Any]]:
    tops: list[dict[str, Any]] = []
    for chapter in module.chapters:
        entry: dict[str, Any] = {
            "title": chapter.title,
            "href": f"{chapter.id}/index.html",
            "level": chapter.level,
            "hidden": "0",
            "subitems": list[Json](),
        }
        (tops[-1]["subitems"] if chapter.level and tops else tops).append(entry)
    return tops


_CONTENTS: dict[str, Callable[[Call, Module], list[Json]]] = {
    "resource": _stored,
    "folder": _stored,
    "url": _link,
    "page": _page,
    "book": _book,
}


def _contents_of(call: Call, module: Module, options: dict[str, str]) -> dict[str, Any]:
    if module.kind not in _CONTENTS or module.restricted:
        return {}
    listed = _CONTENTS[module.kind](call, module)
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
