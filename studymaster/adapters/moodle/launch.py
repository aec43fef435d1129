"""Signing in through the browser: where to send a student, and what they bring back.

The site's launch page ends at `moodlemobile://token=...`, an address that only Moodle's own
app opens; the student copies it into StudyMaster. Its text is base64 of
`signature:::token[:::private token]`, and the signature proves that it answers our passport.
Protocol: admin/tool/mobile/launch.php of Moodle.
"""

import re
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import md5
from hmac import compare_digest
from itertools import islice
from random import Random
from typing import Final
from urllib.parse import unquote, urlencode

from studymaster.adapters.moodle.wire import TOKEN
from studymaster.errors import InvalidInputError

SERVICE: Final = "moodle_mobile_app"
SCHEME: Final = "moodlemobile"
LAUNCH_PAGE: Final = "/admin/tool/mobile/launch.php"
PASSPORT_BITS = 128
LONGEST_PASTE = 4000
TOKEN_LENGTH = 32
PRIVATE_TOKEN_LENGTH = 64
MOST_PIECES = 40
MOST_MARKS = 5

MARK: Final = re.compile(r"(?<![?&\w])token=", re.IGNORECASE)
PAGE: Final = re.compile(r"https?://|\.php", re.IGNORECASE)
# A piece of base64, behind what mail programs, chats and line breaks put between the letters.
# Of the characters "0-9a-zA-Z:" base64 never makes a + or a /.
PIECE: Final = re.compile(
    r"[\s\"'`<>\u00a0\u200b-\u200f\u2018-\u201e\u2060\ufeff\u00ab\u00bb]*([A-Za-z0-9]+={0,2})"
)
WHOLE: Final = re.compile(r"([0-9a-f]{32}):::([A-Za-z0-9]+)(:{0,3})([A-Za-z0-9]*)")
BEGINNING: Final = re.compile(r"[0-9a-f]{1,32}|[0-9a-f]{32}(?::{1,3}|:::[A-Za-z0-9]+)")
TELLING_BEGINNING = 12
BARE_TOKEN: Final = re.compile(r"[0-9a-f]{32}")

NOTHING = "Nothing was pasted. Copy the link first, then paste it here."
THE_PAGE = (
    "This is the address of the page, not of the link on it. Copy the link that begins with "
    "moodlemobile://token=."
)
KEY_ALONE = (
    "This is a token without its link. Paste it under the way to connect with a token, or "
    "copy the link that begins with moodlemobile://token=."
)
CUT_OFF = (
    "The end of this link is missing. Copy the whole link; it is longer than it looks."
)
NOT_THE_LINK = "This is not the link from Moodle. It begins with moodlemobile://token=."
GARBLED = (
    "This link was changed on the way and cannot be read. Copy it again, directly from the "
    "page in the browser."
)
ANOTHER_ATTEMPT = "This link belongs to another attempt or another site. Start again and copy the new link."
TOO_LONG = "This is far more than the link. Copy only the link: moodlemobile://token=..."


@dataclass(frozen=True, slots=True)
class LaunchToken:
    """The token that a student brought back; the private one is told over https only."""

    token: str = field(repr=False)
    private_token: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Signed:
    signature: str
    found: LaunchToken


def new_passport(random: Random) -> str:
    """Return a secret for one attempt; give it `secrets.SystemRandom()`."""
    return f"{random.getrandbits(PASSPORT_BITS):032x}"


def launch_address(site: str, *, passport: str, scheme: str = SCHEME) -> str:
    """Return the address that a student opens to sign in.

    `site` is the site's address, or its own launch page where it told one.
    """
    page, _, rest = site.partition("?")
    if not page.endswith(".php"):
        page, rest = page.rstrip("/") + LAUNCH_PAGE, ""
    told = urlencode({"service": SERVICE, "passport": passport, "urlscheme": scheme})
    return f"{page}?{rest}&{told}" if rest else f"{page}?{told}"


def read_launch(pasted: str, *, sites: Sequence[str], passport: str) -> LaunchToken:
    """Return the token in what a student pasted, in whatever wrapping it came.

    Args:
        pasted: the link, or only its base64 part.
        sites: what the site may call itself; both http and https, with and without a
            slash at the end, are tried for each.
        passport: of the attempt that this is to answer.

    Raises:
        InvalidInputError: with one sentence for each way of getting it wrong.
    """
    if len(pasted) > LONGEST_PASTE:
        raise InvalidInputError(TOO_LONG)
    texts = [text for wrapping in _unwrapped(pasted) for text in _decoded(wrapping)]
    signed = [found for text in texts if (found := _read_signed(text))]
    expected = _signatures(sites, passport)
    for candidate in sorted(signed, key=_likeliest_first):
        if _proves(candidate.signature, expected):
            return candidate.found
    raise InvalidInputError(_explain(pasted, texts=texts, signed=bool(signed)))


def _forms(pasted: str) -> tuple[str, ...]:
    """Return the text as it is, and as it was before a browser or a chat encoded it."""
    return (pasted, unquote(pasted), unquote(unquote(pasted)))


def _unwrapped(pasted: str) -> Iterator[str]:
    """Yield what may be the base64 part, followed by anything."""
    for form in dict.fromkeys(_forms(pasted)):
        for text in (form.strip(), re.sub(r"\s+", "", form)):
            marks = list(islice(MARK.finditer(text), MOST_MARKS))
            yield from (text[mark.end() :] for mark in marks)
            if not marks and not PAGE.search(text):
                yield text


def _decoded(text: str) -> Iterator[str]:
    """Yield what the pieces at the start say: the first alone, then ever more together.

    Only that shows whether what follows a space is the rest of the link or the next word.
    """
    joined, place = "", 0
    for _ in range(MOST_PIECES):
        piece = PIECE.match(text, place)
        if piece is None:
            return
        joined, place = joined + piece[1], piece.end()
        if said := _decode(joined.rstrip("=")):
            yield said
        if joined.endswith("="):
            return


def _decode(letters: str) -> str:
    """Return what the whole groups of some base64 say, "" when it is no plain text."""
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    said = b64decode(letters + "=" * (-len(letters) % 4))
    return said.decode("ascii") if said.isascii() else ""


def _read_signed(text: str) -> _Signed | None:
    """Return what is signed; a private token that is cut off is left out."""
    whole = WHOLE.fullmatch(text)
    if whole is None or not TOKEN.fullmatch(whole[2]):
        return None
    signature, token, end, private = whole.groups()
    if not end and len(token) < TOKEN_LENGTH:
        return None
    kept = private if len(private) == PRIVATE_TOKEN_LENGTH else None
    return _Signed(signature, LaunchToken(token, kept))


def _likeliest_first(one: _Signed) -> tuple[bool, bool]:
    """Order readings: a word behind the link may look like more of its token."""
    return len(one.found.token) != TOKEN_LENGTH, one.found.private_token is None


def _signatures(sites: Sequence[str], passport: str) -> list[str]:
    names = [site.strip().rstrip("/").split("://", 1)[-1] for site in sites]
    return [
        md5(
            f"{scheme}://{name}{end}{passport}".encode(errors="replace"),
            usedforsecurity=False,
        ).hexdigest()
        for name in dict.fromkeys(names)
        for scheme in ("https", "http")
        for end in ("", "/")
    ]


def _proves(signature: str, expected: Sequence[str]) -> bool:
    """Compare with all of them, in the same time whichever fits."""
    return sum(compare_digest(signature, one) for one in expected) > 0


def _explain(pasted: str, *, texts: Sequence[str], signed: bool) -> str:
    """Return the sentence for what is wrong with a paste that brought no token."""
    bare = pasted.strip(" \t\r\n\"'`<>\u200b\ufeff\u00a0")
    if not bare:
        return NOTHING
    if signed:
        return ANOTHER_ATTEMPT
    mark = next(filter(None, map(MARK.search, _forms(bare))), None)
    least = 1 if mark else TELLING_BEGINNING
    if any(len(text) >= least and BEGINNING.fullmatch(text) for text in texts):
        return CUT_OFF
    if mark:
        return CUT_OFF if mark.end() == len(mark.string) else GARBLED
    if BARE_TOKEN.fullmatch(bare):
        return KEY_ALONE
    return THE_PAGE if PAGE.search(bare) else NOT_THE_LINK
