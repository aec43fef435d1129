"""0013 schedulers: a deck chooses SM-2 or FSRS, and a card keeps its memory."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column(
        "deck",
        sa.Column("scheduler", sa.String(24), nullable=False, server_default="sm2"),
    )
    op.add_column(
        "deck", sa.Column("retention", sa.Integer(), nullable=False, server_default="90")
    )
    op.create_check_constraint(
        op.f("ck_deck_scheduler"), "deck", "scheduler IN ('sm2', 'fsrs')"
    )
    op.create_check_constraint(
        op.f("ck_deck_retention_in_bounds"), "deck", "retention BETWEEN 70 AND 97"
    )
    op.add_column("card", sa.Column("stability", sa.Float(), nullable=True))
    op.add_column("card", sa.Column("difficulty", sa.Float(), nullable=True))
    op.add_column("card", sa.Column("reviewed_on", sa.Date(), nullable=True))
    op.create_check_constraint(
        op.f("ck_card_memory_whole"),
        "card",
        "num_nulls(stability, difficulty, reviewed_on) IN (0, 3)",
    )


def downgrade() -> None:
    """Go back."""
    op.drop_constraint(op.f("ck_card_memory_whole"), "card", type_="check")
    for name in ("reviewed_on", "difficulty", "stability"):
        op.drop_column("card", name)
    op.drop_constraint(op.f("ck_deck_retention_in_bounds"), "deck", type_="check")
    op.drop_constraint(op.f("ck_deck_scheduler"), "deck", type_="check")
    for name in ("retention", "scheduler"):
        op.drop_column("deck", name)
