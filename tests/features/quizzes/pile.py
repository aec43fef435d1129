"""Cards to be asked about, put into the database by hand."""

import json
from uuid import UUID

from studymaster.features.accounts.schemas import Student
from studymaster.models import QuizItem, QuizItemKind
from tests.features.flashcards.pile import make_deck, make_own_card

WORDS = {
    "canis": "dog",
    "feles": "cat",
    "equus": "horse",
    "bos": "ox",
    "ovis": "sheep",
    "porcus": "pig",
    "avis": "bird",
    "piscis": "fish",
}


async def make_words(student: Student) -> UUID:
    deck = await make_deck(student, "Latin")
    for front, back in WORDS.items():
        await make_own_card(student, deck, front=front, back=back)
    return deck


def wrong_answer(row: QuizItem) -> str:
    if row.kind is QuizItemKind.MATCHING:
        return json.dumps([row.options[0]] * len(row.asked))
    others = [option for option in row.options if option != row.answer]
    return others[0] if others else "surely not this"
