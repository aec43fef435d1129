"""Reads the few protobuf messages of Anki's newer files: fields by their numbers."""

import struct
from typing import Final

from studymaster.errors import InvalidInputError

VARINT: Final = 0
DOUBLE: Final = 1
BYTES: Final = 2
FLOAT: Final = 5
MORE: Final = 0x80
LONGEST_VARINT: Final = 10
NOT_READABLE: Final = (
    "This file was not written as Anki writes it. Export it from Anki again."
)

Value = int | float | bytes
Message = dict[int, list[Value]]


def read_message(data: bytes) -> Message:
    """Return the fields of a message: every value under its number, in its order.

    Raises:
        InvalidInputError: it is none.
    """
    found: Message = {}
    place = 0
    while place < len(data):
        key, place = _varint(data, place)
        value, place = _value(data, place, kind=key & 7)
        found.setdefault(key >> 3, []).append(value)
    return found


def number_in(message: Message, field: int) -> int:
    """Return the last number under a field, 0 without one."""
    value = message.get(field, [0])[-1]
    return value if isinstance(value, int) else 0


def share_in(message: Message, field: int) -> float:
    """Return the last fraction under a field, 0 without one."""
    value = message.get(field, [0.0])[-1]
    return value if isinstance(value, float) else 0.0


def bytes_in(message: Message, field: int) -> bytes:
    """Return the last bytes under a field, none without one."""
    value = message.get(field, [b""])[-1]
    return value if isinstance(value, bytes) else b""


def text_in(message: Message, field: int) -> str:
    """Return the last text under a field, empty without one."""
    return bytes_in(message, field).decode(errors="replace")


def _value(data: bytes, place: int, *, kind: int) -> tuple[Value, int]:
    if kind == VARINT:
        return _varint(data, place)
    if kind == BYTES:
        size, place = _varint(data, place)
        return _cut(data, place, size), place + size
    if kind == FLOAT:
        return float(struct.unpack("<f", _cut(data, place, 4))[0]), place + 4
    if kind == DOUBLE:
        return float(struct.unpack("<d", _cut(data, place, 8))[0]), place + 8
    raise InvalidInputError(NOT_READABLE)


def _cut(data: bytes, place: int, size: int) -> bytes:
    if place + size > len(data):
        raise InvalidInputError(NOT_READABLE)
    return data[place : place + size]


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for count in range(LONGEST_VARINT):
        if place + count >= len(data):
            break
        byte = data[place + count]
        value |= (byte & ~MORE) << (7 * count)
        if not byte & MORE:
            return value, place + count + 1
    raise InvalidInputError(NOT_READABLE)
