"""Ten a minute, for each by themselves, counted where all processes can see it."""

import asyncio
from uuid import uuid4

import pytest

from studymaster.adapters import limits
from studymaster.config import get_settings
from studymaster.errors import TooManyRequestsError


@pytest.fixture
def who(services) -> str:
    return str(uuid4())


async def test_the_eleventh_within_a_minute_has_to_wait(who) -> None:
    for _ in range(10):
        await limits.take("generate", who)
    with pytest.raises(TooManyRequestsError) as refused:
        await limits.take("generate", who)
    assert 1 <= refused.value.retry_after_s <= 60
    assert f"Try again in {refused.value.retry_after_s} s." in refused.value.message


async def test_each_student_and_each_name_is_counted_by_itself(who) -> None:
    await limits.take("generate", who, per_minute=1)
    await limits.take("sync", who, per_minute=1)
    await limits.take("generate", str(uuid4()), per_minute=1)
    with pytest.raises(TooManyRequestsError):
        await limits.take("sync", who, per_minute=1)


async def test_what_was_forgiven_counts_no_more(who) -> None:
    for _ in range(10):
        await limits.take("sign-in", who)
    await limits.forgive("sign-in", who)
    await limits.take("sign-in", who)


async def test_what_is_given_back_is_one_and_no_more(who) -> None:
    for _ in range(3):
        await limits.take("sign-in", who, per_minute=3)
    await limits.give_back("sign-in", who, per_minute=3)
    await limits.take("sign-in", who, per_minute=3)
    with pytest.raises(TooManyRequestsError):
        await limits.take("sign-in", who, per_minute=3)


async def test_nobody_can_give_back_what_they_never_took(who) -> None:
    for _ in range(5):
        await limits.give_back("sign-in", who, per_minute=1)
    await limits.take("sign-in", who, per_minute=1)
    with pytest.raises(TooManyRequestsError):
        await limits.take("sign-in", who, per_minute=1)


async def test_all_at_once_are_no_more_than_one_after_the_other(who) -> None:
    answers = await asyncio.gather(
        *(limits.take("generate", who) for _ in range(30)), return_exceptions=True
    )
    assert answers.count(None) == 10


@pytest.mark.parametrize("who", ["mina@uni.example|::1", "\ud800", "", "x" * 10_000])
async def test_whoever_asks_may_have_any_name(services, who) -> None:
    await limits.take(f"sign-in-{uuid4()}", who)


async def test_while_redis_is_away_nobody_is_refused(monkeypatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    get_settings.cache_clear()
    for _ in range(20):
        await limits.take("generate", "mina")
        await limits.give_back("generate", "mina")
