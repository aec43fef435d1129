import pytest

from benchmarks.measure import time_in_turns, time_rounds, timing


@pytest.mark.parametrize(
    ("percent", "ms"), [(50, 50.0), (95, 95.0), (99, 99.0), (100, 100.0), (0, 1.0)]
)
def test_a_percentile_is_a_round_that_really_happened(percent, ms) -> None:
    timed = timing([float(number) for number in range(100, 0, -1)])
    assert timed.percentile(percent) == ms


def test_of_few_rounds_the_slowest_is_the_99th_percentile() -> None:
    timed = timing([3.0, 1.0, 2.0])
    assert (timed.p50, timed.p99) == (2.0, 3.0)


def test_rounds_one_after_the_other_take_their_sum() -> None:
    assert timing([250.0, 250.0]).per_second == pytest.approx(4.0)


def test_rounds_side_by_side_take_as_long_as_was_measured() -> None:
    assert timing([250.0, 250.0], seconds=0.25).per_second == pytest.approx(8.0)


def test_nothing_cannot_be_timed() -> None:
    with pytest.raises(ValueError, match="Nothing was timed"):
        timing([])


async def test_warming_up_does_not_count() -> None:
    done: list[None] = []

    async def act() -> None:
        done.append(None)

    timed = await time_rounds(act, rounds=5, warm_up=2)
    assert (len(done), len(timed.rounds_ms)) == (7, 5)


async def test_two_things_take_turns() -> None:
    order: list[str] = []

    async def first() -> None:
        order.append("first")

    async def second() -> None:
        order.append("second")

    both = await time_in_turns(
        first, second, rounds=2, warm_up=1, before_first=lambda: order.append("before")
    )
    assert order == ["before", "first", "second"] * 3
    assert (len(both.first.rounds_ms), len(both.second.rounds_ms)) == (2, 2)


async def test_the_ratio_says_how_much_longer_the_first_takes() -> None:
    async def long() -> int:
        return sum(range(400_000))

    async def short() -> int:
        return sum(range(4_000))

    assert (await time_in_turns(long, short, rounds=5)).ratio > 5
