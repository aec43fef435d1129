"""Counts what is asked of PostgreSQL, for tests that hold a page to a budget."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from studymaster.adapters.database import get_engine


@contextmanager
def asked() -> Iterator[list[str]]:
    """Collect the statements that reach PostgreSQL in a block."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_) -> None:
        statements.append(statement)

    engine = get_engine().sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
