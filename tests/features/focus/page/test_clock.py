import random
from datetime import timedelta

from studymaster.features.focus.rules import clock
from studymaster.features.focus.rules.clock import Phase, Plan
from tests.features.focus.page.javascript import run

MS = timedelta(milliseconds=1)


def test_the_browser_counts_as_the_server_does() -> None:
    dice = random.Random(7)
    asked = [
        {
            "focus": 60_000 * dice.randint(1, 180),
            "rest": 60_000 * dice.choice([0, 1, 5, 60]),
            "rounds": dice.randint(1, 12),
            "spent": dice.choice(
                [0, 60_000 * dice.randint(0, 600), dice.randint(0, 10**7)]
            ),
        }
        for _ in range(500)
    ]
    answered = run(
        "clock.js", "return argument.map((one) => m.placeAt(one, one.spent))", asked
    )
    assert isinstance(answered, list)
    for one, browser in zip(asked, answered, strict=True):
        plan = Plan(focus=one["focus"] * MS, rest=one["rest"] * MS, rounds=one["rounds"])
        server = clock.place(plan, one["spent"] * MS)
        assert browser["phase"] == server.phase, one
        assert (browser["round"], browser["left"]) == (server.round, server.left // MS), one
        assert browser["isOver"] == server.is_over, one
        whole = plan.rest if server.phase is Phase.BREAK else plan.focus
        assert browser["whole"] == whole // MS


def test_a_second_that_has_begun_is_shown_whole() -> None:
    shown = run(
        "clock.js", "return argument.map(m.face)", [1_500_000, 1_499_001, 61_000, 1, 0]
    )
    assert shown == ["25:00", "25:00", "1:01", "0:01", "0:00"]
    assert run("clock.js", "return m.face(10_800_000)") == "180:00"


STORE = """
const store = new Map();
const keep = { getItem: (k) => store.get(k) ?? null, setItem: (k, v) => store.set(k, v) };
"""


def test_an_old_message_still_counts_from_when_it_came() -> None:
    script = (
        STORE
        + """
    const first = m.heardAt("a", { steady: 1000, wall: 50_000, keep });
    const later = m.heardAt("a", { steady: 9000, wall: 58_000, keep });
    const next = m.heardAt("b", { steady: 9500, wall: 58_500, keep });
    return [first, later, next].map((one) => one.steady);
    """
    )
    assert run("clock.js", script) == [1000, 1000, 9500]


def test_after_a_reload_it_counts_on_whatever_the_laptops_clock_says() -> None:
    script = (
        STORE
        + """
    keep.setItem("studymaster.focus.heard", JSON.stringify({ moment: "a", wall: 50_000 }));
    return m.heardAt("a", { steady: 300, wall: 80_000, keep });
    """
    )
    assert run("clock.js", script) == {"steady": 300 - 30_000, "wall": 50_000}


def test_a_browser_that_keeps_nothing_counts_all_the_same() -> None:
    script = """
    const refuse = () => { throw new Error("private"); };
    return m.heardAt("a", { steady: 5, wall: 9, keep: { getItem: refuse, setItem: refuse } });
    """
    assert run("clock.js", script) == {"steady": 5, "wall": 9}
