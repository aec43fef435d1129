"""0018 matching: a question of a quiz may pair several cards with their answers."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KINDS = "kind IN ('choice', 'true_false', 'short'{more})"


def upgrade() -> None:
    """Go forward."""
    texts, ids = sa.ARRAY(sa.String()), sa.ARRAY(sa.Uuid())
    op.add_column(
        "quizitem", sa.Column("asked", texts, server_default="{}", nullable=False)
    )
    op.add_column(
        "quizitem", sa.Column("matched_ids", ids, server_default="{}", nullable=False)
    )
    _allow(", 'matching'")


def downgrade() -> None:
    """Go back; the questions that pair go, those of the same quiz stay."""
    op.execute("DELETE FROM quizitem WHERE kind = 'matching'")
    _allow("")
    op.drop_column("quizitem", "matched_ids")
    op.drop_column("quizitem", "asked")


def _allow(more: str) -> None:
    name = op.f("ck_quizitem_kind")
    op.drop_constraint(name, "quizitem", type_="check")
    op.create_check_constraint(name, "quizitem", KINDS.format(more=more))
