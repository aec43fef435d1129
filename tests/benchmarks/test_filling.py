from collections import Counter
from random import Random

from benchmarks import filling
from benchmarks.filling import Pen
from studymaster.models import Card, PointsEntry, ReviewLog
from tests.conftest import NOON


def pile(seed: int) -> Pen:
    pen = Pen(Random(seed), NOON)
    owner = pen.id()
    courses = filling.add_courses(pen, owner, count=2, number=1)
    lectures = filling.add_materials(pen, owner, courses)
    filling.add_cards(pen, owner, courses, lectures, count=40)
    return pen


def test_the_same_seed_makes_the_same_student() -> None:
    assert pile(7).tables == pile(7).tables
    assert pile(7).tables != pile(8).tables


def test_no_card_is_answered_twice_on_a_day() -> None:
    answers = pile(7).tables[ReviewLog]
    days = Counter((answer["card_id"], answer["day"]) for answer in answers)
    assert set(days.values()) == {1}


def test_every_answer_lies_in_the_half_year_before_now_and_has_its_points() -> None:
    tables = pile(7).tables
    answers, points = tables[ReviewLog], tables[PointsEntry]
    assert {answer["created_at"] < NOON for answer in answers} == {True}
    assert len(answers) == len(points) == len({entry["cause"] for entry in points})


def test_some_cards_are_due_and_some_are_not() -> None:
    due = {card["due_on"] <= NOON.date() for card in pile(7).tables[Card]}
    assert due == {True, False}
