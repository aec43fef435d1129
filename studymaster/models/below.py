"""Which decks lie in a deck: itself, and those whose names begin with its own."""

from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from studymaster.models.card import Deck


def within(deck_id: UUID) -> ColumnElement[bool]:
    """Return the condition that a row of Deck is a deck or lies in it; looked up once.

    Only own decks lie in each other; their names are divided by `::`, as in Anki.
    """
    above, inner = aliased(Deck), aliased(Deck)
    is_below = and_(
        col(above.course_id).is_(None),
        col(inner.course_id).is_(None),
        func.starts_with(func.lower(inner.name), func.lower(above.name) + "::"),
    )
    ids = (
        select(inner.id)
        .join(above, col(above.account_id) == col(inner.account_id))
        .where(col(above.id) == deck_id, or_(col(inner.id) == deck_id, is_below))
        .scalar_subquery()
    )
    return col(Deck.id) == any_(func.array(ids, type_=ARRAY(Uuid())))
