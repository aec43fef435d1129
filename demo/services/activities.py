"""The modules of a kind over several courses: pages, books, folders, forums, glossaries ..."""

from collections.abc import Callable
from typing import Any

from demo.campus import Entry, Module, Post, Section
from demo.parameters import Args
from demo.services.call import Call, attached_file, no_access
from demo.wire import Json, RefusalError, missing_record

_PRINT_INTRO = 'a:1:{s:10:"printintro";i:0;}'
_PRINT_BOTH = 'a:2:{s:10:"printintro";i:0;s:17:"printlastmodified";i:1;}'


def _common(call: Call, course_id: int, module: Module) -> dict[str, Any]:
    return {
        "id": module.instance,
        "coursemodule": module.cmid,
        "course": course_id,
        "name": call.name(module.name),
        "intro": module.intro or " ",
        "introformat": 1,
        "introfiles": [],
    }


def _placed(section: Section, lang: str | None = None) -> dict[str, Any]:
    return {
        "section": section.number,
        "visible": True,
        "groupmode": 0,
        "groupingid": 0,
        "lang": lang,
    }


def _page(call: Call, section: Section, module: Module) -> dict[str, Any]:
    files = [attached_file(call, module, file) for file in module.files]
    base = call.file_url(module.contextid, "mod_page/content")
    content = module.html
    if call.file_urls:
        content = content.replace("@@PLUGINFILE@@", base)
    return _placed(section) | {
        "content": content,
        "contentformat": 1,
        "contentfiles": files,
        "legacyfiles": 0,
        "legacyfileslast": None,
        "display": 0,
        "displayoptions": _PRINT_BOTH,
        "revision": module.revision,
        "timemodified": module.modified,
    }


def _book(_call: Call, _section: Section, _module: Module) -> dict[str, Any]:
    return {"lang": "", "numbering": 1, "navstyle": 1, "customtitles": 0}


def _glossary(_call: Call, section: Section, module: Module) -> dict[str, Any]:
    return _placed(section) | {
        "allowduplicatedentries": 0,
        "displayformat": "dictionary",
        "mainglossary": 0,
        "showspecial": 1,
        "showalphabet": 1,
        "showall": 1,
        "allowcomments": 0,
        "allowprintview": 1,
        "usedynalink": 1,
        "defaultapproval": 1,
        "approvaldisplayformat": "default",
        "globalglossary": 0,
        "entbypage": 10,
        "editalways": 0,
        "rsstype": 0,
        "rssarticles": 0,
        "assessed": 0,
        "assesstimestart": 0,
        "assesstimefinish": 0,
        "scale": 0,
        "timecreated": module.created,
        "timemodified": module.modified,
        "completionentries": 0,
        "browsemodes": ["letter"],
        "canaddentry": 0,
    }


def _url(_call: Call, section: Section, module: Module) -> dict[str, Any]:
    return _placed(section) | {
        "externalurl": module.url,
        "display": 0,
        "displayoptions": _PRINT_INTRO,
        "parameters": "a:0:{}",
        "timemodified": module.modified,
    }


def _resource(call: Call, section: Section, module: Module) -> dict[str, Any]:
    return _placed(section) | {
        "contentfiles": [attached_file(call, module, file) for file in module.files],
        "tobemigrated": 0,
        "legacyfiles": 0,
        "legacyfileslast": None,
        "display": 0,
        "displayoptions": _PRINT_INTRO,
        "filterfiles": 0,
        "revision": module.revision,
        "timemodified": module.modified,
    }


def _folder(_call: Call, section: Section, module: Module) -> dict[str, Any]:
    return _placed(section) | {
        "revision": module.revision,
        "timemodified": module.modified,
        "display": 0,
        "showexpanded": 1,
        "showdownloadfolder": 1,
        "forcedownload": 1,
    }


def _none_here(_call: Call, _section: Section, _module: Module) -> dict[str, Any]:
    """Kinds that no course of the demo has; apps ask for them all the same."""
    return {}


def _label(_call: Call, section: Section, module: Module) -> dict[str, Any]:
    return _placed(section) | {"timemodified": module.modified}


def _quiz(_call: Call, section: Section, module: Module) -> dict[str, Any]:
    task = module.task
    return _placed(section, lang="") | {
        "timeopen": task.opens,
        "timeclose": task.due,
        "timelimit": 60 * task.minutes,
        "preferredbehaviour": "deferredfeedback",
        "attempts": 1,
        "grademethod": 1,
        "decimalpoints": 2,
        "questiondecimalpoints": -1,
        "sumgrades": 10,
        "grade": task.maximum,
        "hasfeedback": 0,
    }


_Describe = Callable[[Call, Section, Module], dict[str, Any]]


def by_courses(kind: str, plural: str, describe: _Describe) -> Callable[[Call, Args], Json]:
    """The answer of a function named mod_KIND_get_PLURAL_by_courses."""

    def answer(call: Call, args: Args) -> Json:
        courses, refused = call.courses(args["courseids"])
        records = [
            _common(call, course.id, module) | describe(call, section, module)
            for course in courses
            for section, module in course.visible_modules(kind)
        ]
        return {plural: records, "warnings": no_access(refused)}

    return answer


BY_COURSES = {
    "mod_page_get_pages_by_courses": by_courses("page", "pages", _page),
    "mod_book_get_books_by_courses": by_courses("book", "books", _book),
    "mod_glossary_get_glossaries_by_courses": by_courses(
        "glossary", "glossaries", _glossary
    ),
    "mod_url_get_urls_by_courses": by_courses("url", "urls", _url),
    "mod_resource_get_resources_by_courses": by_courses("resource", "resources", _resource),
    "mod_folder_get_folders_by_courses": by_courses("folder", "folders", _folder),
    "mod_label_get_labels_by_courses": by_courses("label", "labels", _label),
    "mod_quiz_get_quizzes_by_courses": by_courses("quiz", "quizzes", _quiz),
    "mod_data_get_databases_by_courses": by_courses("data", "databases", _none_here),
    "mod_lesson_get_lessons_by_courses": by_courses("lesson", "lessons", _none_here),
    "mod_workshop_get_workshops_by_courses": by_courses(
        "workshop", "workshops", _none_here
    ),
}


# -- forums

_FORUM_SETTINGS = {
    "lang": "",
    "duedate": 0,
    "cutoffdate": 0,
    "assessed": 0,
    "assesstimestart": 0,
    "assesstimefinish": 0,
    "scale": 0,
    "grade_forum": 0,
    "grade_forum_notify": 0,
    "maxbytes": 0,
    "maxattachments": 1,
    "forcesubscribe": 1,
    "trackingtype": 1,
    "rsstype": 0,
    "rssarticles": 0,
}
_FORUM_LIMITS = {
    "warnafter": 0,
    "blockafter": 0,
    "blockperiod": 0,
    "completiondiscussions": 0,
    "completionreplies": 0,
    "completionposts": 0,
}


def forums(call: Call, args: Args) -> Json:
    """The forums of the courses: a bare list, unlike its sisters."""
    courses, _refused = call.courses(args["courseids"])
    return [
        {
            "id": module.instance,
            "course": course.id,
            "type": "news",
            "name": call.name(module.name),
            "intro": module.intro or "General news and announcements",
            "introformat": 1,
            "introfiles": [],
            **_FORUM_SETTINGS,
            "timemodified": module.modified,
            **_FORUM_LIMITS,
            "cmid": module.cmid,
            "numdiscussions": len(module.posts),
            "cancreatediscussions": False,
            "lockdiscussionafter": 0,
            "istracked": False,
        }
        for course in courses
        for _section, module in course.visible_modules("forum")
    ]


def discussions(call: Call, args: Args) -> Json:
    """The announcements of a forum, pinned ones first, then the newest."""
    found = call.campus.find_open("forum", args["forumid"])
    if found is None:
        code = f"Unable to find forum with id {args['forumid']}"
        raise RefusalError(errorcode=code, message=f"error/{code}")
    course, module = found
    call.course(course.id)
    size = args["perpage"] or len(module.posts)
    first = max(args["page"], 0) * size
    posts = sorted(module.posts, key=lambda post: (not post.pinned, -post.created))
    return {
        "discussions": [
            _discussion(call, course.teacher, post) for post in posts[first : first + size]
        ],
        "warnings": [],
    }


def _discussion(call: Call, teacher: str, post: Post) -> Json:
    picture = call.icon("core", "u/f2")
    return {
        "id": post.id,
        "name": call.name(post.subject),
        "groupid": -1,
        "timemodified": post.created,
        "usermodified": 2,
        "timestart": 0,
        "timeend": 0,
        "discussion": post.id,
        "parent": 0,
        "userid": 2,
        "created": post.created,
        "modified": post.created,
        "mailed": 1,
        "subject": call.name(post.subject),
        "message": post.message,
        "messageformat": 1,
        "messagetrust": 0,
        "attachment": False,
        "totalscore": 0,
        "mailnow": 0,
        "userfullname": teacher,
        "usermodifiedfullname": teacher,
        "userpictureurl": picture,
        "usermodifiedpictureurl": picture,
        "numreplies": 0,
        "numunread": 0,
        "pinned": post.pinned,
        "locked": False,
        "starred": False,
        "canreply": False,
        "canlock": False,
        "canfavourite": True,
    }


# -- glossary entries


def entries_by_letter(call: Call, args: Args) -> Json:
    """The entries of a glossary that begin with a letter, or ALL of them, by concept."""
    found = call.campus.find_open("glossary", args["id"])
    if found is None:
        msg = "glossary"
        raise missing_record(msg)
    course, module = found
    call.course(course.id)
    return _entries(call, course.teacher, module, args)


def _entries(call: Call, teacher: str, module: Module, args: Args) -> Json:
    letter = args["letter"].upper()
    chosen = sorted(
        (
            e
            for e in module.entries
            if letter == "ALL" or e.concept.upper().startswith(letter)
        ),
        key=lambda entry: entry.concept.casefold(),
    )
    window = chosen[args["from"] : args["from"] + args["limit"]]
    return {
        "count": len(chosen),
        "entries": [_entry(call, teacher, module, entry) for entry in window],
        "ratinginfo": {
            "contextid": module.contextid,
            "component": "mod_glossary",
            "ratingarea": "entry",
            "canviewall": None,
            "canviewany": None,
            "scales": list[Json](),
            "ratings": list[Json](),
        },
        "warnings": list[Json](),
    }


def _entry(call: Call, teacher: str, module: Module, entry: Entry) -> Json:
    return {
        "id": entry.id,
        "glossaryid": module.instance,
        "userid": 2,
        "userfullname": teacher,
        "userpictureurl": call.icon("core", "u/f1"),
        "concept": call.name(entry.concept),
        "definition": f"<p>{entry.definition}</p>",
        "definitionformat": 1,
        "definitiontrust": False,
        "attachment": False,
        "attachments": [],
        "timecreated": module.created,
        "timemodified": module.modified,
        "teacherentry": True,
        "sourceglossaryid": 0,
        "usedynalink": False,
        "casesensitive": False,
        "fullmatch": False,
        "approved": True,
        "tags": [],
    }
