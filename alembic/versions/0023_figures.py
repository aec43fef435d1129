"""0023 figures: the hour and the time of an answer stand in the index of its day too."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NAME = "ix_reviewlog_account_id_day"
BEFORE = ["card_id", "grade", "kind", "drill", "interval_before"]


def upgrade() -> None:
    """Go forward."""
    _index([*BEFORE, "elapsed_ms", "created_at"])


def downgrade() -> None:
    """Go back."""
    _index(BEFORE)


def _index(included: list[str]) -> None:
    op.drop_index(NAME, "reviewlog")
    op.create_index(NAME, "reviewlog", ["account_id", "day"], postgresql_include=included)
