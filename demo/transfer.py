"""What can happen to an answer on its way: cut, spoilt, slow, broken off."""

import asyncio
from collections.abc import AsyncIterator, Callable

from starlette.responses import Response, StreamingResponse

from demo.failures import Failure
from demo.wire import html_page, invalid_parameter, rest_refusal

_DRIPS = 100
_TEN_GIGABYTES = 10_000_000_000
_BLOCK = bytes(65_536)


def spoil(response: Response, failure: Failure) -> Response:
    """The same answer after this transfer failure."""
    if failure.name in _REPLACED:
        return _REPLACED[failure.name](response)
    return _streamed(response, _in_parts(bytes(response.body), failure))


def _in_parts(body: bytes, failure: Failure) -> AsyncIterator[bytes]:
    if failure.name == "broken_off":
        return _broken(body, len(body) // 2 if failure.after is None else failure.after)
    if failure.name == "one_byte_a_second":
        return _crawling(body, failure.after or 0)
    return _dripping(body, failure.seconds)


def _headers(response: Response) -> list[tuple[bytes, bytes]]:
    return [pair for pair in response.raw_headers if pair[0] != b"content-length"]


def _with_body(response: Response, body: bytes) -> Response:
    changed = Response(body, response.status_code)
    length = (b"content-length", str(len(body)).encode())
    changed.raw_headers = [*_headers(response), length]
    return changed


def _streamed(response: Response, parts: AsyncIterator[bytes]) -> Response:
    stream = StreamingResponse(parts, response.status_code)
    stream.raw_headers = list(response.raw_headers)
    return stream


def _endless(response: Response) -> Response:
    stream = StreamingResponse(_zeros(_TEN_GIGABYTES), response.status_code)
    length = (b"content-length", str(_TEN_GIGABYTES).encode())
    stream.raw_headers = [*_headers(response), length]
    return stream


async def _broken(body: bytes, after: int) -> AsyncIterator[bytes]:
    """Less than what the length promises, then the connection ends."""
    yield body[:after]


async def _crawling(body: bytes, after: int) -> AsyncIterator[bytes]:
    """The first bytes at once, then one each second."""
    yield body[:after]
    for place in range(after, len(body)):
        await asyncio.sleep(1)
        yield body[place : place + 1]


async def _zeros(length: int) -> AsyncIterator[bytes]:
    for _block in range(length // len(_BLOCK)):
        yield _BLOCK
    yield bytes(length % len(_BLOCK))


async def _dripping(body: bytes, seconds: float) -> AsyncIterator[bytes]:
    """The first hundred bytes one at a time over the given seconds, then the rest at once."""
    drips = min(len(body), _DRIPS)
    for place in range(drips):
        await asyncio.sleep(seconds / drips)
        yield body[place : place + 1]
    yield body[drips:]


_REPLACED: dict[str, Callable[[Response], Response]] = {
    "garbage": lambda response: _with_body(
        response, b"\x89\x00 not what you asked for \xff\xfe"
    ),
    "truncated_json": lambda response: _with_body(
        response, bytes(response.body[: len(response.body) // 2])
    ),
    "html_instead_of_json": lambda _response: html_page(
        "Log in to the site", "Your session has timed out."
    ),
    "xml_instead_of_json": lambda _response: rest_refusal(
        invalid_parameter(), as_json=False
    ),
    "wrong_bytes": lambda response: _with_body(
        response, bytes(byte ^ 1 for byte in bytes(response.body))
    ),
    "ten_gigabytes": _endless,
}
"""What comes whole, but is not what was asked for."""
