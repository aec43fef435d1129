"""Reading a call's parameters as strictly as Moodle does: nothing missing, nothing extra."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from demo.wire import Json, invalid_parameter

Args = dict[str, Any]
_STEP = re.compile(r"\[([^\]]*)\]")
_TRUTHS = {"1": True, "true": True, "0": False, "false": False, "": False}


def nest(flat: Mapping[str, str]) -> dict[str, Any]:
    """Turn `options[0][name]=x` into nested dictionaries, as PHP does."""
    tree: dict[str, Any] = {}
    for key, value in flat.items():
        head = key.partition("[")[0]
        way = [head, *_STEP.findall(key)]
        place = tree
        for step in way[:-1]:
            inner: Json = place.setdefault(step, {})
            if not isinstance(inner, dict):
                raise invalid_parameter()
            place = cast("dict[str, Any]", inner)
        place[way[-1]] = value
    return tree


def _integer(value: Json) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value).strip()):
        raise invalid_parameter()
    return int(value)


def _truth(value: Json) -> bool:
    text = str(value).lower()
    if text not in _TRUTHS:
        raise invalid_parameter()
    return _TRUTHS[text]


def _text(value: Json) -> str:
    if isinstance(value, (dict, list)):
        raise invalid_parameter()
    return str(value)


def _items(value: Json) -> list[Any]:
    if isinstance(value, list):
        return list(cast("list[Json]", value))
    if isinstance(value, dict):
        return list(cast("dict[str, Json]", value).values())
    raise invalid_parameter()


@dataclass(frozen=True)
class Parameter:
    """One parameter of a function: how it is read, and what stands in when it is absent."""

    read: Callable[[Any], Any]
    default: Any = None
    required: bool = False


def integer(default: int | None = None, *, required: bool = False) -> Parameter:
    """A whole number."""
    return Parameter(_integer, default, required)


def truth(*, default: bool) -> Parameter:
    """A boolean, written 1 or 0."""
    return Parameter(_truth, default)


def text(default: str | None = None, *, required: bool = False) -> Parameter:
    """A string."""
    return Parameter(_text, default, required)


def integers() -> Parameter:
    """A list of whole numbers, empty when absent."""
    return Parameter(lambda value: [_integer(item) for item in _items(value)], [])


def texts() -> Parameter:
    """A list of strings, empty when absent."""
    return Parameter(lambda value: [_text(item) for item in _items(value)], [])


def records(fields: Mapping[str, Parameter]) -> Parameter:
    """A list of records with these fields, empty when absent."""
    return Parameter(lambda value: [read(item, fields) for item in _items(value)], [])


def read(given: Json, expected: Mapping[str, Parameter]) -> Args:
    """Check and convert the parameters of one call.

    Raises:
        RefusalError: invalidparameter, for whatever is missing, extra or of the wrong type.
    """
    if not isinstance(given, dict) or given.keys() - expected.keys():
        raise invalid_parameter()
    args: Args = {}
    for name, parameter in expected.items():
        if name in given:
            args[name] = parameter.read(given[name])
        elif parameter.required:
            raise invalid_parameter()
        else:
            args[name] = parameter.default
    return args
