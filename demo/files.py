"""File downloads as pluginfile.php serves them: ETag, ranges, 304, errors with status 200."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from html import escape

from starlette.datastructures import Headers
from starlette.responses import Response

from demo.campus import Campus, Course, Module, StoredFile, Student
from demo.services.deadlines import course_svg
from demo.wire import NOT_ACCESSIBLE, RefusalError, missing_record

Found = StoredFile | str
NOT_FOUND_CODE = "filenotfound"
_BOUNDARY = "s1k2o3d4a5k6s7"
_AREAS = {
    ("mod_resource", "content"): "resource",
    ("mod_folder", "content"): "folder",
    ("mod_page", "content"): "page",
    ("mod_book", "chapter"): "book",
    ("mod_assign", "introattachment"): "assign",
}


def find_file(campus: Campus, student: Student, way: str) -> Found:
    """A stored file, or the HTML of a generated one.

    Args:
        campus: where to look.
        student: who asks.
        way: what follows pluginfile.php/, decoded: CONTEXT/COMPONENT/AREA/ITEM/PATH.

    Raises:
        RefusalError: invalidargorconf, invalidrecord, requireloginerror or filenotfound.
    """
    parts = way.strip("/").split("/")
    if not parts[0].isdigit():
        raise RefusalError(
            errorcode="invalidargorconf",
            message="No valid arguments supplied or incorrect server configuration",
        )
    found = campus.find_context(int(parts[0]))
    if found is None:
        msg = "context"
        raise missing_record(msg)
    course, module = found
    if not course.is_taken_by(student):
        raise _not_accessible()
    if module is None:
        return _course_picture(course, parts[1:])
    if module.hidden or module.restricted:
        raise _not_accessible()
    return _in_module(module, parts[1:])


def not_found() -> RefusalError:
    """The one file error that comes with status 404."""
    return RefusalError(
        errorcode=NOT_FOUND_CODE, message="Sorry, the requested file could not be found"
    )


def _not_accessible() -> RefusalError:
    return RefusalError(errorcode="requireloginerror", message=NOT_ACCESSIBLE)


def _course_picture(course: Course, parts: list[str]) -> Found:
    if parts != ["course", "generated", "course.svg"]:
        raise not_found()
    return course_svg(course)


def _in_module(module: Module, parts: list[str]) -> Found:
    component, area, *rest = [*parts, "", ""]
    rest = [part for part in rest if part]
    if _AREAS.get((component, area)) != module.kind or not rest:
        raise not_found()
    if module.kind == "book":
        return _chapter(module, rest)
    if module.kind == "page" and rest == ["index.html"]:
        return module.html.replace("@@PLUGINFILE@@/", "")
    # The item id is a revision that Moodle ignores; a page's image may come without it.
    names = rest[1:] if rest[0].isdigit() and len(rest) > 1 else rest
    path = "/" + "".join(f"{folder}/" for folder in names[:-1])
    for file in module.files:
        if file.name == names[-1] and file.path == path:
            return file
    raise not_found()


def _chapter(module: Module, rest: list[str]) -> Found:
    for chapter in module.chapters:
        if rest == [str(chapter.id), "index.html"]:
            return (
                f"<h3>{escape(chapter.title, quote=False)}</h3>"
                f'<div class="no-overflow">{chapter.html}</div>'
            )
    raise not_found()


def _http_date(seconds: float) -> str:
    return format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)


def generated(html: str, *, name: str, now: datetime) -> Response:
    """A file that exists only in the database: no ETag, modified now."""
    kind = "image/svg+xml" if name.endswith(".svg") else "text/html;charset=UTF-8"
    return _response(
        html.encode(),
        {
            "content-type": kind,
            "content-disposition": f'attachment; filename="{name}"',
            "last-modified": _http_date(now.timestamp()),
            "accept-ranges": "none",
        },
    )


def _response(body: bytes, headers: dict[str, str], status: int = 200) -> Response:
    response = Response(body, status)
    # File names travel as raw UTF-8, which a header class that encodes Latin-1 would refuse.
    response.raw_headers = [
        (name.encode(), value.encode())
        for name, value in (headers | {"content-length": str(len(body))}).items()
    ]
    return response


def stored(file: StoredFile, asked: Headers) -> Response:
    """A stored file, whole or in part, or 304 when the asker has it."""
    is_text = file.mimetype.startswith("text/")
    headers = {
        "content-type": f"{file.mimetype}; charset=utf-8" if is_text else file.mimetype,
        "content-disposition": f'inline; filename="{file.name}"',
        "cache-control": "private, max-age=21600, no-transform",
        "etag": f'"{file.sha1}"',
        "last-modified": _http_date(file.modified),
        "accept-ranges": "none" if is_text else "bytes",
    }
    if _is_known(file, asked):
        kept = ("content-disposition", "cache-control", "etag", "last-modified")
        response = Response(status_code=304)
        response.raw_headers = [(name.encode(), headers[name].encode()) for name in kept]
        return response
    spans = [] if is_text else _spans(asked.get("range", ""), len(file.content))
    if len(spans) == 1:
        start, end = spans[0]
        headers["content-range"] = f"bytes {start}-{end}/{len(file.content)}"
        return _response(file.content[start : end + 1], headers, 206)
    if spans:
        return _many_parts(file, spans, headers)
    return _response(file.content, headers)


def other_version(file: StoredFile) -> StoredFile:
    """The same file after somebody has put another in its place."""
    return replace(file, content=file.content[::-1], modified=file.modified + 1)


def _is_known(file: StoredFile, asked: Headers) -> bool:
    if "if-none-match" in asked:
        return asked["if-none-match"].strip('"') == file.sha1
    if "if-modified-since" in asked:
        try:
            since = parsedate_to_datetime(asked["if-modified-since"])
        except ValueError:
            return False
        return file.modified <= since.timestamp()
    return False


def _spans(asked: str, size: int) -> list[tuple[int, int]]:
    """First and last byte of each range that can be satisfied; none means the whole file."""
    if not asked.startswith("bytes="):
        return []
    spans: list[tuple[int, int]] = []
    for first, last in re.findall(r"(\d*)-(\d*)", asked):
        start = int(first) if first else max(size - int(last or 0), 0)
        end = min(int(last), size - 1) if first and last else size - 1
        if start <= end:
            spans.append((start, end))
    return spans


def _many_parts(
    file: StoredFile, spans: list[tuple[int, int]], headers: dict[str, str]
) -> Response:
    body = b"".join(
        f"\r\n--{_BOUNDARY}\r\nContent-Type: {file.mimetype}\r\n"
        f"Content-Range: bytes {start}-{end}/{len(file.content)}\r\n\r\n".encode()
        + file.content[start : end + 1]
        for start, end in spans
    )
    kind = {"content-type": f"multipart/byteranges; boundary={_BOUNDARY}"}
    return _response(body + f"\r\n--{_BOUNDARY}--\r\n".encode(), headers | kind, 206)
