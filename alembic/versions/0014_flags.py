"""0014 flags: a colour on each card; words are found anywhere in a card, not in an index."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column(
        "card", sa.Column("flag", sa.SmallInteger(), server_default="0", nullable=False)
    )
    op.create_check_constraint(op.f("ck_card_flag_known"), "card", "flag BETWEEN 0 AND 7")
    op.drop_index("ix_card_words", table_name="card", postgresql_using="gin")


def downgrade() -> None:
    """Go back."""
    op.create_index(
        "ix_card_words",
        "card",
        [
            sa.literal_column(
                "to_tsvector('simple'::regconfig, (front::text || ' '::text) || back::text)"
            )
        ],
        postgresql_using="gin",
    )
    op.drop_constraint(op.f("ck_card_flag_known"), "card", type_="check")
    op.drop_column("card", "flag")
