"""What lies in a module: files, a link, a page, the chapters of a book."""

import json
from collections.abc import Callable
from typing import Any

from demo.campus import Module
from demo.services.call import Call, stored_url
from demo.wire import Json

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


CONTENTS: dict[str, Callable[[Call, Module], list[Json]]] = {
    "resource": _stored,
    "folder": _stored,
    "url": _link,
    "page": _page,
    "book": _book,
}
"""What lists the contents of each kind of module that has any."""
