"""Students with half a year behind them: courses, cards, reviews, focus, notes, groups.

Everything follows from a seed; days are counted back from the moment that is given.
"""

from benchmarks.filling.accounts import Known, add_account
from benchmarks.filling.cards import add_cards, add_pile
from benchmarks.filling.courses import FIRST_MOODLE_ID, add_courses, add_materials
from benchmarks.filling.habits import add_week
from benchmarks.filling.pen import Pen
from benchmarks.filling.students import fill_peers, fill_student

__all__ = [
    "FIRST_MOODLE_ID",
    "Known",
    "Pen",
    "add_account",
    "add_cards",
    "add_courses",
    "add_materials",
    "add_pile",
    "add_week",
    "fill_peers",
    "fill_student",
]
