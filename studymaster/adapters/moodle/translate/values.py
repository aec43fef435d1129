"""The small values in Moodle's answers: names, texts, moments, ids."""

import html
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AliasChoices,
    AliasPath,
    BeforeValidator,
    Field,
    FiniteFloat,
)

LARGEST_ID = 2**63 - 1
LARGEST_PLACE = 2**31 - 1


def _storable(text: str) -> str:
    """Drop what no database stores as text: NUL and halves of surrogate pairs."""
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\x00", "")


def _unescape(text: str) -> str:
    return html.unescape(text).replace("\x00", "") if "&" in text else text


def _read_moment(seconds: object) -> datetime | None:
    if seconds is None or seconds == 0:
        return None
    if isinstance(seconds, (int, str)):
        try:
            return datetime.fromtimestamp(int(seconds), UTC) if int(seconds) else None
        except (OverflowError, OSError) as error:
            msg = "a moment outside the calendar"
            raise ValueError(msg) from error
    msg = "a moment is a whole number of seconds"
    raise ValueError(msg)


def _read_optional_text(text: object) -> object:
    return "" if text is None else text


def _read_flag(flag: object) -> object:
    return False if flag is None else flag


def _only_web(address: str) -> str:
    return address if address.lower().startswith(("https://", "http://")) else ""


Id = Annotated[int, Field(ge=-LARGEST_ID, le=LARGEST_ID)]
Place = Annotated[int, Field(ge=-LARGEST_PLACE, le=LARGEST_PLACE)]
Number = FiniteFloat
Flag = Annotated[bool, BeforeValidator(_read_flag)]
Text = Annotated[str, AfterValidator(_storable)]
Name = Annotated[Text, AfterValidator(_unescape)]
OptionalText = Annotated[Text, BeforeValidator(_read_optional_text)]
OptionalName = Annotated[Name, BeforeValidator(_read_optional_text)]
Moment = Annotated[datetime | None, BeforeValidator(_read_moment)]

WebAddress = Annotated[OptionalText, AfterValidator(_only_web)]
"""An address that may become a link: "" when it is not http(s), such as javascript:."""


def wire(*keys: str) -> object:
    """Name the wire key of a field; "a.b" is the key b of the object a.

    Of several the first that is there counts. An object that PHP wrote as [] has no keys.
    """
    places = [AliasPath(*key.split(".")) if "." in key else key for key in keys]
    return Field(validation_alias=places[0] if len(places) == 1 else AliasChoices(*places))


@dataclass(frozen=True, slots=True)
class Caution:
    """What Moodle says beside an answer; about a "course": it left that course out."""

    item: OptionalText = ""
    item_id: Annotated[int | None, wire("itemid")] = None


def left_out(cautions: Iterable[Caution]) -> frozenset[int]:
    """Return the courses that an answer about many leaves out: of them it says nothing."""
    found = (one.item_id for one in cautions if one.item == "course")
    return frozenset(number for number in found if number is not None)
