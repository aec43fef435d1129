"""0007 note copies: which note another device changed while these words were typed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ORIGINAL = "fk_note_copy_of_id"


def upgrade() -> None:
    """Go forward."""
    op.add_column("note", sa.Column("copy_of_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_note_copy_of_id"), "note", ["copy_of_id"])
    op.create_foreign_key(
        op.f(ORIGINAL), "note", "note", ["copy_of_id"], ["id"], ondelete="SET NULL"
    )


def downgrade() -> None:
    """Go back."""
    op.drop_constraint(op.f(ORIGINAL), "note", type_="foreignkey")
    op.drop_index(op.f("ix_note_copy_of_id"), "note")
    op.drop_column("note", "copy_of_id")
