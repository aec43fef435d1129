"""Whatever is asked, the database finds the cards of which it plainly holds."""

from datetime import UTC, datetime, timedelta
from random import Random

from studymaster.adapters.database import unit_of_work
from studymaster.features.flashcards.queries.search import Search
from studymaster.features.flashcards.queries.table import Wanted, find_cards
from studymaster.features.flashcards.rules.language import LONGEST_SEARCH, parse
from studymaster.features.flashcards.rules.search import (
    All,
    Either,
    Node,
    Not,
    disjunction,
    leaves,
    written,
)
from studymaster.features.flashcards.rules.statistics import day_starts
from studymaster.paging import Window
from tests.conftest import NOON, make_student
from tests.features.flashcards.pile import TODAY, make_deck, make_own_card
from tests.features.flashcards.queries.table import holds, make_table

BEGAN = datetime(2030, 1, 16, 4, tzinfo=UTC)
TREES = 200
LEAVES = (
    r'cell cat CAT a_b *ar* _ell dog exam straß 日本 teil x 5\*3 15% \pi * - leech "o l"',
    r'"the cat" "says \"no" "(deck\:x" deck:latin deck:Lat* deck:"bio 101" deck:_io*',
    'deck:none "deck:latin::verbs 100%" course:law_2 course:*1* course:bio course:bio*full',
    "tag:animal tag:ANIMAL::* tag:* tag:e_am tag:leech tag:pet tag:. source:none",
    "source:cells source:3*pdf source:* source:100% is:due is:new is:learn is:suspended",
    "is:leech flag:0 flag:1 flag:7 flag:3 added:1 added:6 added:7 added:8 added:36500",
    "rated:1 rated:3 rated:8 rated:8:1 rated:7:3 rated:36500:4 prop:ivl>30 prop:ivl<=6",
    "prop:ivl!=0 prop:ease<1.5 prop:ease>=1.5 prop:ease=1.3 prop:ease=2.5 prop:reps=0",
    "is:buried prop:lapses>7 prop:lapses=0 prop:stability>10 prop:stability=2 prop:stability!=2",
    "prop:difficulty<=4.25 prop:difficulty>9 prop:retrievability<0.9 prop:retrievability>=0.9",
    "prop:reps>4 prop:due=1 prop:due<0 prop:due!=0 prop:due>-36500",
)
EACH = [leaf for some in LEAVES for leaf in leaves(parse(some))]


def search_of(student, tree: Node) -> Search:
    return Search(
        student.account_id,
        tree,
        TODAY,
        lambda day: day_starts(
            day, time_zone=student.time_zone, day_start_hour=student.day_start_hour
        ),
    )


async def find(student, tree: Node) -> set[str]:
    search = search_of(student, tree)
    async with unit_of_work() as work:
        found, total = await find_cards(
            work.session,
            student.account_id,
            wanted=Wanted(search),
            window=Window(limit=100),
        )
    assert len(found) == total
    return {str(card_id) for card_id in found}


def plainly(table, tree: Node) -> set[str]:
    return {str(one.card.id) for one in table if holds(tree, one, day_began=BEGAN)}


PICKS = [
    ("cell", ["cell"]),
    ("teil", ["Zellteilung?"]),
    ("cat", ["Felis catus"]),
    ("the.cat", []),
    ('"the cat"', ["Felis catus"]),
    ("exam", ["canis"]),
    ("a\\_b", ["amare"]),
    ("5\\*3", ["5*3 = 15%"]),
    ("15%", ["5*3 = 15%"]),
    (r"\pi", ["5*3 = 15%"]),
    ("deck:LATIN", ["canis", "Felis catus", "amare", "5*3 = 15%", 'says "no"']),
    ('deck:"bio 101" -is:due', ["Zellteilung?", "old"]),
    ("course:law*", ["Straße 日本", "both"]),
    ("tag:animal", ["canis", "Felis catus"]),
    ("tag:animal::*", ["Felis catus"]),
    ("-tag:* course:*", ["Zellteilung?", "cell", "wall", "old", "both"]),
    ('source:"100%"', ["Straße 日本", "both"]),
    ("is:due", ["amare", "5*3 = 15%", "cell", "wall"]),
    ("is:new", ["canis", "Felis catus", 'says "no"']),
    ("is:learn", ["wall", "both"]),
    ("is:suspended", ['says "no"', "both"]),
    ("is:leech", ["Straße 日本"]),
    ("is:buried", ["Zellteilung?"]),
    ("prop:lapses>=8", ["Straße 日本"]),
    ("prop:stability<7", ["both"]),
    ("prop:difficulty=4.25", ["cell"]),
    ("prop:retrievability>0.9", ["cell"]),
    ("prop:retrievability<0.9", ["both"]),
    ("flag:7 or flag:1", ["Felis catus", 'says "no"']),
    ("added:1", ["canis"]),
    ("added:2 -added:1", ["5*3 = 15%", 'says "no"']),
    ("rated:3", ["amare"]),
    ("rated:4 -rated:3", ["5*3 = 15%"]),
    ("rated:6:4", ["amare", "5*3 = 15%"]),
    ("prop:ivl>30", ["5*3 = 15%"]),
    ("prop:ease<1.5", ["amare", "cell"]),
    ("prop:ease=1.49", ["cell"]),
    ("prop:due=1", ["wall"]),
    ("prop:due<0", ["cell"]),
    ("prop:reps>=5", ["cell", "both"]),
    ("(cell or wall) -wall", ["cell"]),
]


async def test_a_keyword_picks_exactly_its_cards(student) -> None:
    table = await make_table(student)
    names = {str(one.card.id): one.card.front for one in table}
    for text, fronts in PICKS:
        found = await find(student, parse(text))
        assert sorted(names[one] for one in found) == sorted(fronts), text
        assert found == plainly(table, parse(text)), text


async def test_every_condition_alone_and_against_itself(student) -> None:
    table = await make_table(student)
    every = {str(one.card.id) for one in table}
    for leaf in EACH:
        found = await find(student, leaf)
        assert found == plainly(table, leaf), written(leaf)
        assert await find(student, Not(leaf)) == every - found, written(leaf)
        assert await find(student, Not(Not(leaf))) == found, written(leaf)


async def test_conditions_in_any_order_and_depth(student) -> None:
    table, dice = await make_table(student), Random(4)
    answers = set()
    for _ in range(TREES):
        tree = any_tree(dice, depth=4)
        found = await find(student, tree)
        assert found == plainly(table, tree), written(tree)
        answers.add(frozenset(found))
    assert len(answers) > TREES / 4


def any_tree(dice: Random, *, depth: int) -> Node:
    if depth == 0 or dice.random() < 0.2:
        return dice.choice(EACH)
    parts = [any_tree(dice, depth=depth - 1) for _ in range(dice.randint(1, 3))]
    kind = dice.choice([All, Either, Not])
    return Not(disjunction(parts)) if kind is Not else kind(tuple(parts))


async def test_the_deepest_and_the_longest_search_are_answered(student) -> None:
    table = await make_table(student)
    nested = "a"
    for _ in range(39):
        nested = f"-({nested} b)"
    for text in (nested, " or ".join(["cell", *"abcdefghijklm"]), "x" * LONGEST_SEARCH):
        assert await find(student, parse(text)) == plainly(table, parse(text))


async def test_a_day_starts_at_four_in_the_students_zone(empty_database) -> None:
    student = await make_student("Mina Aalto", time_zone="Pacific/Auckland")
    deck = await make_deck(student, "Latin")
    began = datetime(2030, 1, 16, 15, tzinfo=UTC) - timedelta(days=1)
    for front, moment in (("late", began - timedelta(seconds=1)), ("early", began)):
        await make_own_card(student, deck, front=front, created_at=moment)
    assert student.day_of(NOON) == student.day_of(began) == TODAY
    assert len(await find(student, parse("added:1"))) == 1
    assert len(await find(student, parse("added:2"))) == 2


async def test_nothing_of_another_student_is_found(student, other_student) -> None:
    await make_table(student)
    for text in ("", "cell", "deck:latin", "-flag:3", "rated:99", "source:*", "-is:new"):
        assert await find(other_student, parse(text)) == set()
