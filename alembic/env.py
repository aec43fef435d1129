"""Runs migrations against the database that the settings name."""

from alembic import context
from sqlalchemy import create_engine
from sqlmodel import SQLModel

import studymaster.models  # noqa: F401  (registers every table)
from studymaster.adapters.database import driver_url
from studymaster.config import get_settings


def run() -> None:
    """Migrate over psycopg2, in one transaction."""
    engine = create_engine(driver_url(get_settings().database_url, driver="psycopg2"))
    with engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=SQLModel.metadata, compare_type=True
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
