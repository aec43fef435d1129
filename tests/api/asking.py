"""Every operation of the interface, and a request of each that would be carried out."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.features.braindump.sounds import wav
from tests.features.library.shelf import lecture_pdf

PREFIX = "/api/v1/"

IDS = {
    "account_id": "mate",
    "answer_id": "answer",
    "buddy_id": "mate",
    "card_id": "card",
    "card_ids": "card_ids",
    "connection_id": "connection",
    "course_id": "course",
    "course_ids": "course_ids",
    "deadline_id": "deadline",
    "deck_id": "deck",
    "deck_ids": "deck_ids",
    "exam_id": "exam",
    "export_id": "export",
    "group_id": "group",
    "link_id": "link",
    "material_id": "material",
    "media_name": "picture",
    "memo_id": "memo",
    "message_id": "message",
    "note_id": "note",
    "notification_id": "notification",
    "pledge_id": "pledge",
    "proposal_id": "proposal",
    "question_id": "question",
    "quiz_id": "quiz",
    "resource_id": "resource",
    "run_id": "run",
    "search_id": "search",
    "session_id": "session",
    "transfer_id": "transfer",
}
"""What a parameter names, as tests.api.world calls it."""

NO_IDS = {
    "id": "a new id that the program makes up, so that sending twice keeps one",
    "number": "a page of a material that is named beside it",
    "position": "a question of a quiz that is named beside it",
    "code": "an invitation: whoever has it may come in",
    "token": "a proof of the program's own",
    "refresh_token": "a proof of the program's own",
    "address": "the address of a link",
    "key": "a calendar's address: whoever has it may read it",
    "sent_key": "made up by the program, so that a message sent twice counts once",
}
"""Parameters that sound like ids, and why they need no owner."""

ENDINGS = ("id", "_ids", "code", "key", "token", "address")

FITTING: dict[str, Any] = {
    "amount": 20,
    "back": "an answer",
    "code": "an invitation",
    "count": 5,
    "day": "2030-02-01",
    "days": 3,
    "deed": "suspend",
    "duration_minutes": 25,
    "find": "a",
    "front": "a question",
    "given": "an answer",
    "grade": 4,
    "keep": "both",
    "key": "x" * 43,
    "kind": "note",
    "measure": "reviews",
    "name": "a name",
    "number": 1,
    "position": 0,
    "quote": "ribosome",
    "reason": "It is an advertisement.",
    "role": "member",
    "sync_enabled": True,
    "taking_part": True,
    "text": "a text",
    "title": "a title",
    "turn": 0,
}
"""What is sent for a required field that names nothing."""

ALSO = {
    "POST /api/v1/social/resources": {"text", "group_id"},
    "POST /api/v1/flashcards": {"back", "deck_id"},
    "POST /api/v1/flashcards/bulk": {"card_ids"},
    "POST /api/v1/flashcards/replace": {"card_ids"},
    "POST /api/v1/flashcards/replace/preview": {"card_ids"},
    "POST /api/v1/flashcards/{card_id}/due": {"days"},
    "POST /api/v1/exams": {"day", "deck_ids"},
    "PUT /api/v1/exams/{exam_id}": {"day", "deck_ids"},
    "POST /api/v1/quizzes": {"deck_id"},
}
"""What a request needs although the document cannot say so."""


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One method of one address, as the document describes it."""

    method: str
    path: str
    parameters: tuple[tuple[str, str, bool], ...]
    typed: bool
    media: str
    body: Mapping[str, Any]
    needs_proof: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def section(self) -> str:
        return self.path.removeprefix(PREFIX).partition("/")[0]

    @property
    def fields(self) -> Mapping[str, Any]:
        return self.body.get("properties", {})

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield (where, name) of each thing that this operation is told."""
        yield from ((where, name) for where, name, _ in self.parameters)
        yield from (("body", name) for name in self.fields)

    @property
    def required(self) -> set[str]:
        """What each request has to tell."""
        told = {name for _, name, is_required in self.parameters if is_required}
        return told | {*self.body.get("required", [])} | ALSO.get(str(self), set())

    def can_be_broken(self) -> bool:
        """Tell whether a request can be no fit: not where everything is any text."""
        return self.typed or self.media in {"application/json", "multipart/form-data"}

    def ids(self) -> list[tuple[str, str]]:
        return [(where, name) for where, name in self.names() if name in IDS]


def operations(document: Mapping[str, Any]) -> list[Operation]:
    """Return all operations of an OpenAPI document, in its order."""
    return [
        _operation(document, method, path, one)
        for path, methods in document["paths"].items()
        for method, one in methods.items()
    ]


def _operation(document, method: str, path: str, one) -> Operation:
    content = one.get("requestBody", {}).get("content", {})
    media = next(iter(content), "")
    body = _resolved(document, content.get(media, {}).get("schema", {}))
    told = one.get("parameters", [])
    return Operation(
        method=method.upper(),
        path=path,
        parameters=tuple((p["in"], p["name"], p.get("required", False)) for p in told),
        typed=any(
            p["in"] != "header" and p["schema"].get("type") != "string" for p in told
        ),
        media=media,
        body=body,
        needs_proof="security" in one,
    )


def _resolved(document, schema):
    for choice in schema.get("anyOf", []):
        if "$ref" in choice:
            return _resolved(document, choice)
    reference = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][reference] if reference else schema


def request(
    operation: Operation,
    things: Mapping[str, Any],
    other: Mapping[tuple[str, str], Any] | None = None,
) -> httpx.Request:
    """Return a request about these things; `other` replaces single ones by (where, name)."""
    told: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "body": {}, "header": {}}
    replaced = other or {}
    for where, name in operation.names():
        if (where, name) in replaced:
            told[where][name] = replaced[where, name]
        elif name in operation.required and not _is_spared(name, replaced):
            told[where][name] = fitting(operation, name, things)
    path = operation.path
    for name, value in told["path"].items():
        path = path.replace(f"{{{name}}}", str(value))
    return httpx.Request(
        operation.method,
        f"http://testserver{path}",
        params=told["query"],
        **sent(operation, told["body"]),
    )


def _is_spared(name: str, replaced: Mapping[tuple[str, str], Any]) -> bool:
    # Where a course can be named, a group or a deck in its place cannot.
    return name in {"group_id", "deck_id"} and ("body", "course_id") in replaced


def fitting(operation: Operation, name: str, things: Mapping[str, Any]) -> Any:
    """Return what a parameter may be told."""
    if name == "file":
        return wav() if "memos" in operation.path else lecture_pdf()
    return things[IDS[name]] if name in IDS else FITTING[name]


def sent(operation: Operation, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body in the form that the operation takes."""
    if operation.media == "application/json":
        # Not by `json=`, which refuses half characters.
        headers = {"Content-Type": "application/json"}
        return {"content": json.dumps(body).encode(), "headers": headers}
    if operation.media == "multipart/form-data":
        return {"files": {name: _part(name, value) for name, value in body.items()}}
    return {"data": dict(body)} if operation.media else {}


def _part(name: str, value: Any) -> tuple[str | None, Any]:
    if name != "file":
        return None, str(value)
    return "lecture.pdf", value if isinstance(value, bytes) else str(value).encode()
