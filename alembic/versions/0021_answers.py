"""0021 answers: what is asked of many lines of the log stands in the index of their days."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NAME = "ix_reviewlog_account_id_day"


def upgrade() -> None:
    """Go forward."""
    op.drop_index(NAME, "reviewlog")
    op.create_index(
        NAME,
        "reviewlog",
        ["account_id", "day"],
        postgresql_include=["card_id", "grade", "kind", "drill", "interval_before"],
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index(NAME, "reviewlog")
    op.create_index(NAME, "reviewlog", ["account_id", "day"])
