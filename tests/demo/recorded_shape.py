"""The shape of answers that a real Moodle gave, inferred from all recordings of a function."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).parents[1] / "recorded"
_NAMES = {
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "list",
    dict: "object",
    type(None): "null",
}


@dataclass
class Shape:
    """What was seen at one place: types, keys, the keys never missing, items by their kind."""

    types: set[str] = field(default_factory=set)
    always: set[str] | None = None
    keys: dict[str, "Shape"] = field(default_factory=dict)
    items: dict[str, "Shape"] = field(default_factory=dict)

    def learn(self, value: Any) -> None:
        self.types.add(_NAMES[type(value)])
        if isinstance(value, dict):
            self.always = set(value) if self.always is None else self.always & set(value)
            for key, part in value.items():
                self.keys.setdefault(key, Shape()).learn(part)
        elif isinstance(value, list):
            for part in value:
                self.items.setdefault(_kind(part), Shape()).learn(part)

    def complaints(self, value: Any, place: str = "answer") -> Iterable[str]:
        """What a real Moodle would not have sent, or would not have left out."""
        name = _NAMES[type(value)]
        if name not in self.types:
            yield f"{place} is {name}, recorded: {sorted(self.types)}"
        elif isinstance(value, dict):
            yield from self._of_keys(value, place)
        elif isinstance(value, list):
            yield from self._of_items(value, place)

    def _of_keys(self, value: dict[str, Any], place: str) -> Iterable[str]:
        for key in sorted((self.always or set()) - value.keys()):
            yield f"{place}.{key} is missing"
        for key, part in value.items():
            if key not in self.keys:
                yield f"{place}.{key} was never recorded"
            else:
                yield from self.keys[key].complaints(part, f"{place}.{key}")

    def _of_items(self, value: list[Any], place: str) -> Iterable[str]:
        for part in value:
            kind = _kind(part)
            if kind not in self.items:
                yield f"{place}[] has an item of kind {kind!r} that was never recorded"
            else:
                yield from self.items[kind].complaints(part, f"{place}[{kind}]")


def _kind(part: Any) -> str:
    """Modules, contents and events are compared only with their like."""
    if not isinstance(part, dict):
        return ""
    if "fileurl" in part and "type" in part:
        return f"{part['type']}{'+content' if 'content' in part else ''}{'+mime' if 'mimetype' in part else ''}"
    known = part.get("modname") or part.get("modulename") or part.get("itemtype")
    return str(known or "")


def recordings(function: str) -> Iterable[tuple[dict[str, Any], Any]]:
    """The recorded calls of a function with their JSON bodies, refusals left out."""
    for path in sorted(RECORDED.glob("*.meta.json")):
        meta = json.loads(path.read_text("utf-8"))
        body = meta.get("body_file") or ""
        if _is_rest(meta, function) and body.endswith(".json"):
            answer = json.loads((RECORDED / body).read_text("utf-8"))
            if not (isinstance(answer, dict) and {"exception", "error"} & answer.keys()):
                yield meta, answer


def _is_rest(meta: dict[str, Any], function: str) -> bool:
    return meta["function"] == function and "/webservice/rest/" in meta["url"]


@cache
def shape_of(function: str) -> Shape:
    """The union of everything that was recorded of a function."""
    shape = Shape()
    for _meta, answer in recordings(function):
        shape.learn(answer)
    return shape


def body(name: str) -> bytes:
    """The exact bytes of one recording."""
    meta = json.loads((RECORDED / f"{name}.meta.json").read_text("utf-8"))
    return (RECORDED / meta["body_file"]).read_bytes()


def meta(name: str) -> dict[str, Any]:
    """Request, status and headers of one recording."""
    return json.loads((RECORDED / f"{name}.meta.json").read_text("utf-8"))
