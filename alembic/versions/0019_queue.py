"""0019 the queue: what a deck asks next is found without looking at all of its cards."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KNOWN = "interval_days > 0 AND suspended_at IS NULL"
UNKNOWN = "interval_days = 0 AND suspended_at IS NULL"
INDEXES = {
    "ix_card_due": (KNOWN, ["deck_id", "due_on", "created_at", "page", "id"]),
    "ix_card_new": (UNKNOWN, ["deck_id", "created_at", "page", "id"]),
    "ix_card_new_of_material": (
        UNKNOWN,
        ["deck_id", "material_id", "page", "created_at", "id"],
    ),
}


def upgrade() -> None:
    """Go forward."""
    for name, (where, columns) in INDEXES.items():
        op.create_index(name, "card", columns, postgresql_where=sa.text(where))


def downgrade() -> None:
    """Go back."""
    for name in INDEXES:
        op.drop_index(name, table_name="card")
