"""0011 reading: the text of what came is read after the run that brought it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column(
        "syncrun", sa.Column("reading_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_index(
        "ix_sync_run_reading_at",
        "syncrun",
        ["reading_at"],
        postgresql_where=sa.text("reading_at IS NOT NULL"),
    )
    op.create_index(
        "ix_blob_waiting",
        "blob",
        ["sha1"],
        postgresql_where=sa.text("text_state = 'waiting'"),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_blob_waiting", table_name="blob")
    op.drop_index("ix_sync_run_reading_at", table_name="syncrun")
    op.drop_column("syncrun", "reading_at")
