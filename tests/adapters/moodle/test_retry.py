"""What passes by itself is asked again a few times, everything else once."""

import httpx
import pytest

from studymaster.adapters.moodle import open_site, retry
from studymaster.adapters.moodle.client import ask_public_config
from studymaster.adapters.moodle.failures import (
    MaintenanceError,
    MoodleError,
    NotEnrolledError,
    SiteDownError,
    TooBusyError,
    UnreachableError,
)
from studymaster.adapters.moodle.retry import ask_again
from studymaster.adapters.moodle.wire import read_pause
from tests.adapters.moodle.golden import FAILURES
from tests.adapters.moodle.sites import NOBODY, SITE, Recorder, refusal, site


class Asked:
    """Fails as told, one time after the other, then answers."""

    def __init__(self, *failures):
        self.failures = list(failures)
        self.times = 0

    async def __call__(self) -> str:
        self.times += 1
        if self.failures:
            raise self.failures.pop(0)
        return "here"


async def test_what_was_only_for_a_moment_is_answered_after_all(pauses) -> None:
    asked = Asked(SiteDownError("host"), UnreachableError("host"))
    assert await ask_again(asked) == "here"
    assert asked.times == 3
    assert 0.5 <= pauses[0] <= 1.0
    assert 1.0 <= pauses[1] <= 1.5


async def test_after_three_tries_the_last_failure_is_told(pauses) -> None:
    asked = Asked(*(UnreachableError("host") for _ in range(3)), SiteDownError("host"))
    with pytest.raises(UnreachableError):
        await ask_again(asked)
    assert (asked.times, len(pauses)) == (3, 2)


@pytest.mark.parametrize(
    "failure", [f for f in FAILURES.values() if not f.temporary and f is not MoodleError]
)
async def test_what_stays_as_it_is_is_asked_once(failure, pauses) -> None:
    asked = Asked(failure("host"))
    with pytest.raises(failure):
        await ask_again(asked)
    assert (asked.times, pauses) == (1, [])


async def test_a_fault_of_ours_is_not_tried_twice() -> None:
    asked = Asked(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        await ask_again(asked)
    assert asked.times == 1


async def test_a_short_pause_that_the_site_asks_for_is_kept(pauses) -> None:
    assert await ask_again(Asked(TooBusyError("host", retry_after=20))) == "here"
    assert pauses == [20]


async def test_a_long_pause_is_told_instead_of_waited_for(pauses) -> None:
    asked = Asked(MaintenanceError("host", retry_after=21))
    with pytest.raises(MaintenanceError):
        await ask_again(asked)
    assert (asked.times, pauses) == (1, [])


@pytest.mark.parametrize(
    ("moment", "pause"),
    [
        ("Mon, 16 Jan 2030 12:02:00 GMT", 120),
        ("Mon, 16 Jan 2030 11:00:00 GMT", 0),
        ("Mon, 16 Jan 2040 12:00:00 GMT", 86_400),
        ("Mon, 16 Jan 2030 12:02:00", None),
        ("16.1.2030", None),
        ("", None),
    ],
)
def test_a_pause_may_be_told_as_a_moment(moment, pause) -> None:
    sent = "Mon, 16 Jan 2030 12:00:00 GMT"
    assert read_pause(httpx.Headers({"Retry-After": moment, "Date": sent})) == pause
    assert read_pause(httpx.Headers({"Retry-After": moment})) is None


async def test_no_try_begins_after_the_longest_time(monkeypatch) -> None:
    monkeypatch.setattr(retry, "LONGEST_S", 0.0)
    asked = Asked(SiteDownError("host"))
    with pytest.raises(SiteDownError):
        await ask_again(asked)
    assert asked.times == 1


async def test_a_question_is_asked_again_when_the_site_stumbles() -> None:
    answers = iter([httpx.Response(502), httpx.Response(200, content=b"{half")])

    def stumble(_form):
        found = next(answers, None)
        return found or httpx.Response(200, json=[])

    moodle = Recorder(core_course_get_contents=stumble)
    async with site(moodle) as opened:
        assert await opened.contents(2) == []
        assert opened.requests == 3


async def test_a_course_without_access_is_asked_for_once() -> None:
    moodle = Recorder(
        core_course_get_contents=lambda _: refusal("errorcoursecontextnotvalid")
    )
    async with site(moodle) as opened:
        with pytest.raises(NotEnrolledError):
            await opened.contents(2)
    assert len(moodle.asked) == 1


async def test_a_password_is_sent_once_whatever_happens() -> None:
    moodle = Recorder(**{"token.php": lambda _: httpx.Response(502)})
    async with site(moodle, token=None) as opened:
        with pytest.raises(SiteDownError):
            await opened.sign_in("student1", "hunter2")
    assert len(moodle.asked) == 1


async def test_somebody_who_watches_is_told_at_once() -> None:
    asked = []

    def down(request):
        asked.append(request)
        return httpx.Response(502)

    with pytest.raises(SiteDownError):
        await ask_public_config(
            SITE, allowed_hosts=NOBODY, transport=httpx.MockTransport(down)
        )
    assert len(asked) == 1


async def test_a_site_that_cannot_be_reached_is_tried_three_times() -> None:
    asked = []

    def lost(request):
        asked.append(request)
        raise httpx.ConnectError("nobody")  # noqa: EM101

    async with open_site(
        SITE, allowed_hosts=NOBODY, token="t", transport=httpx.MockTransport(lost)
    ) as opened:
        with pytest.raises(UnreachableError):
            await opened.site_info()
    assert len(asked) == 3
