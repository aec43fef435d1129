"""A student who signed in through the browser brings the link back, however it was copied."""

from base64 import b64encode
from hashlib import md5
from random import Random
from secrets import SystemRandom
from textwrap import wrap
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.adapters.moodle import launch
from studymaster.adapters.moodle.launch import (
    LaunchToken,
    launch_address,
    new_passport,
    read_launch,
)
from studymaster.errors import InvalidInputError
from tests.adapters.moodle.recordings import recording

SITE = "https://moodle.example.edu"
PASSPORT = "0f" * 16
TOKEN = "dbacaf2bf95e53595b5b4bcc271c4d0e"
PRIVATE = "aB3" * 21 + "z"
HEX = "0123456789abcdef"


def letters(token=TOKEN, private=PRIVATE, *, site=SITE, passport=PASSPORT) -> str:
    signature = md5((site + passport).encode()).hexdigest()
    parts = [signature, token, *([private] if private else [])]
    return b64encode(":::".join(parts).encode()).decode()


def read(pasted, *, sites=(SITE,), passport=PASSPORT) -> LaunchToken:
    return read_launch(pasted, sites=sites, passport=passport)


LINK = f"moodlemobile://token={letters()}"


def pasted(private) -> dict[str, str]:
    part = letters(private=private)
    link = f"moodlemobile://token={part}"
    return {
        "the link": link,
        "its base64 part": part,
        "from token= on": link.removeprefix("moodlemobile://"),
        "spaces around": f"  \t{link}\n\n",
        "double quotes": f'"{link}"',
        "single quotes": f"'{link}'",
        "curly quotes": f"\u201c{link}\u201d",
        "angle brackets": f"<{link}>",
        "backticks": f"`{link}`",
        "an html attribute": f'<a href="{link}">Launch the app</a>',
        "the header it came in": f"Location: {link}\r\nContent-Type: text/html",
        "a line of the console": f"Failed to launch '{link}' because the scheme does not have",
        "in a sentence": f"Here it is: {link} thanks a lot",
        "before a full stop": f"It says {link}.",
        "lines of 76": "\n".join(wrap(link, 76)),
        "lines of 20 with spaces": " \r\n  ".join(wrap(link, 20)),
        "a quoted mail": "> " + "\n> ".join(wrap(link, 60)),
        "broken inside the scheme": link.replace("mobile://to", "mobile://\nto"),
        "broken inside the name": link.replace("token=", "to\nken="),
        "url-encoded": quote(link, safe=""),
        "url-encoded twice": quote(quote(link, safe=""), safe=""),
        "url-encoded padding": link.replace("=", "%3D").replace("token%3D", "token="),
        "a slash that the browser added": f"{link}/",
        "without its padding": link.rstrip("="),
        "without its padding and a word": link.rstrip("=") + " please",
        "an upper-case scheme": link.replace("moodlemobile", "MoodleMobile"),
        "the university's own app": link.replace("moodlemobile", "edu.example.campus+app"),
        "an android intent": (
            f"intent://token={part}#Intent;scheme=moodlemobile;package=x;end"
        ),
        "without slashes": link.replace("://", ":"),
        "zero-width characters": "\u200b" + link[:40] + "\u200b" + link[40:] + "\ufeff",
        "twice": f"{link}\n{link}",
        "after an old one": f"moodlemobile://token={letters(passport='old')}\n{link}",
        "below the page's address": f"{SITE}{launch.LAUNCH_PAGE}?service=x\n{link}",
    }


PASTED = pasted(PRIVATE)
PASTED_OVER_HTTP = pasted("")


@pytest.mark.parametrize("pasted", PASTED.values(), ids=PASTED)
def test_reads_what_students_paste(pasted) -> None:
    assert read(pasted) == LaunchToken(TOKEN, PRIVATE)


@pytest.mark.parametrize("pasted", PASTED_OVER_HTTP.values(), ids=PASTED_OVER_HTTP)
def test_reads_it_from_a_site_that_tells_no_private_token(pasted) -> None:
    assert read(pasted) == LaunchToken(TOKEN, None)


def test_reads_the_link_of_a_real_moodle() -> None:
    answer = recording("launch_logged_in")
    link = answer.headers["location"]
    found = read(link, sites=["http://127.0.0.1:8090/"], passport="12345")
    assert found.private_token is None
    assert len(found.token) == 32
    with pytest.raises(InvalidInputError, match="another attempt"):
        read(link, sites=["http://127.0.0.1:8090/"], passport="12346")


@pytest.mark.parametrize(
    "own_name",
    [
        "https://moodle.example.edu",
        "http://moodle.example.edu",
        "https://moodle.example.edu/",
        "http://moodle.example.edu/",
        "https://www.example.edu/moodle",
    ],
)
def test_the_site_may_call_itself_by_another_form_of_its_address(own_name) -> None:
    link = f"moodlemobile://token={letters(site=own_name)}"
    for known in ("https://moodle.example.edu", "http://moodle.example.edu/"):
        assert read(link, sites=[known, "https://www.example.edu/moodle/"]) == LaunchToken(
            TOKEN, PRIVATE
        )


def test_the_token_stays_out_of_logs() -> None:
    shown = repr(read(LINK))
    assert TOKEN not in shown
    assert PRIVATE not in shown


WRONG = {
    "nothing": ("", launch.NOTHING),
    "only spaces": (" \n\t", launch.NOTHING),
    "only quotes": ('""', launch.NOTHING),
    "the launch page": (
        launch_address(SITE, passport=PASSPORT),
        launch.THE_PAGE,
    ),
    "the start page": ("https://moodle.example.edu/my/", launch.THE_PAGE),
    "the page without https": (
        "moodle.example.edu/admin/tool/mobile/launch.php",
        launch.THE_PAGE,
    ),
    "a file with a token": (
        f"https://moodle.example.edu/f?token={letters()}",
        launch.THE_PAGE,
    ),
    "only the scheme": ("moodlemobile://token=", launch.CUT_OFF),
    "cut in the signature": (LINK[:40], launch.CUT_OFF),
    "cut behind the signature": (f"moodlemobile://token={letters()[:44]}", launch.CUT_OFF),
    "cut in the token": (f"moodlemobile://token={letters()[:80]}", launch.CUT_OFF),
    "cut at the last letter of the token": (
        f"moodlemobile://token={letters(private='').rstrip('=')[:-1]}",
        launch.CUT_OFF,
    ),
    "the base64 part, cut": (letters()[:60], launch.CUT_OFF),
    "cut with dots": (LINK[:60] + "...", launch.CUT_OFF),
    "an old link": (
        f"moodlemobile://token={letters(passport='ee' * 16)}",
        launch.ANOTHER_ATTEMPT,
    ),
    "another site's link": (
        f"moodlemobile://token={letters(site='https://other.example.edu')}",
        launch.ANOTHER_ATTEMPT,
    ),
    "an old base64 part": (letters(passport="ee" * 16), launch.ANOTHER_ATTEMPT),
    "masked": ("moodlemobile://token=************", launch.GARBLED),
    "no base64": ("moodlemobile://token=\u00e4\u00f6\u00fc", launch.GARBLED),
    "base64 of something else": (
        f"moodlemobile://token={b64encode(b'hello, this is no signature').decode()}",
        launch.GARBLED,
    ),
    "base64 of bytes": (
        f"moodlemobile://token={b64encode(bytes(range(128, 230))).decode()}",
        launch.GARBLED,
    ),
    "all in lower case": (LINK.lower(), launch.GARBLED),
    "a token alone": (TOKEN, launch.KEY_ALONE),
    "prose": ("I clicked but nothing happened", launch.NOT_THE_LINK),
    "only the scheme's name": ("moodlemobile://", launch.NOT_THE_LINK),
    "a whole page": ("x" * 5000, launch.TOO_LONG),
}


@pytest.mark.parametrize(("pasted", "sentence"), WRONG.values(), ids=WRONG)
def test_says_what_went_wrong(pasted, sentence) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read(pasted)
    assert caught.value.message == sentence
    assert caught.value.status == 422


def test_every_sentence_is_its_own_and_gives_no_token_away() -> None:
    sentences = [sentence for _, sentence in WRONG.values()]
    assert len(set(sentences)) == 8
    assert all(s.endswith(".") and len(s) < 140 for s in sentences)
    assert not any(TOKEN in s for s in sentences)


@given(
    st.text(HEX, min_size=32, max_size=32),
    st.sampled_from(["", PRIVATE]),
    st.integers(),
    st.text(max_size=30).filter(lambda t: "token=" not in t),
    st.integers(16, 200),
)
def test_a_whole_link_is_read_in_any_line_length(
    token, private, seed, before, width
) -> None:
    passport = new_passport(Random(seed))
    link = f"moodlemobile://token={letters(token, private, passport=passport)}"
    pasted = f"{before} " + "\n".join(wrap(link, width))
    assert read(pasted, passport=passport) == LaunchToken(token, private or None)


@given(st.integers(1, len(LINK) - 1))
def test_a_link_cut_anywhere_gives_the_true_token_or_none(length) -> None:
    try:
        found = read(LINK[:length])
    except InvalidInputError:
        return
    assert found.token == TOKEN
    assert found.private_token in {None, PRIVATE}


@given(st.integers(0, len(letters()) - 1), st.characters(codec="ascii"))
def test_a_changed_letter_never_gives_a_token_that_is_not_signed_for(place, letter) -> None:
    changed = letters()[:place] + letter + letters()[place + 1 :]
    try:
        found = read(changed, passport="another")
    except InvalidInputError:
        return
    pytest.fail(f"accepted {found}")


@given(st.text(max_size=300))
def test_any_text_ends_in_a_sentence(text) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read(text)
    assert caught.value.message.endswith(".")


@given(st.binary(max_size=300))
def test_any_base64_ends_in_a_sentence(content) -> None:
    with pytest.raises(InvalidInputError):
        read("moodlemobile://token=" + b64encode(content).decode())


def test_many_marks_take_no_longer_than_few() -> None:
    with pytest.raises(InvalidInputError):
        read("://token=AA " * 330)


def test_every_attempt_has_its_own_secret() -> None:
    assert new_passport(Random(1)) != new_passport(Random(2))
    passports = {new_passport(SystemRandom()) for _ in range(100)}
    assert len(passports) == 100
    assert {len(p) for p in passports} == {32}


@pytest.mark.parametrize(
    ("site", "page"),
    [
        (SITE, f"{SITE}/admin/tool/mobile/launch.php"),
        (f"{SITE}/moodle/", f"{SITE}/moodle/admin/tool/mobile/launch.php"),
        (f"{SITE}/local/mobile/launch.php", f"{SITE}/local/mobile/launch.php"),
        (f"{SITE}/local/mobile/launch.php?auth=7", f"{SITE}/local/mobile/launch.php"),
    ],
)
def test_the_student_is_sent_to_the_launch_page(site, page) -> None:
    address = urlsplit(launch_address(site, passport=PASSPORT))
    told = parse_qs(address.query)
    assert address._replace(query="").geturl() == page
    assert told["service"] == ["moodle_mobile_app"]
    assert told["passport"] == [PASSPORT]
    assert told["urlscheme"] == ["moodlemobile"]
    assert told.get("auth") == (["7"] if "auth" in site else None)


def test_the_address_is_the_one_that_a_real_moodle_answered() -> None:
    address = launch_address("http://127.0.0.1:8090", passport="12345")
    assert address.endswith(recording("launch_logged_in").path)
