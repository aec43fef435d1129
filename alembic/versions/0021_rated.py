"""0021 rated: answers of a grade are found by their days."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_index(
        "ix_reviewlog_account_id_grade_day",
        "reviewlog",
        ["account_id", "grade", "day"],
        postgresql_include=["card_id"],
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_reviewlog_account_id_grade_day", "reviewlog")
