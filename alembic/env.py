"""Runs migrations against the database that the settings name."""

from alembic import context
from sqlalchemy import create_engine, func, select
from sqlmodel import SQLModel

import studymaster.models  # noqa: F401  (registers every table)
from studymaster.adapters.database import driver_url
from studymaster.config import get_settings

MIGRATING = 20_301


def run() -> None:
    """Migrate over psycopg2, in one transaction, one process at a time."""
    engine = create_engine(driver_url(get_settings().database_url, driver="psycopg2"))
    with engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=SQLModel.metadata, compare_type=True
        )
        with context.begin_transaction():
            # Several copies of the product may start at once: the second finds it done.
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
            context.run_migrations()
    engine.dispose()


run()
