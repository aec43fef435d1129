"""0022 exams: days on which cards shall be known, and when a plan wants a card."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("card", sa.Column("ahead_on", sa.Date(), nullable=True))
    op.create_index(
        "ix_card_ahead",
        "card",
        ["account_id", "ahead_on"],
        postgresql_where=sa.text("ahead_on IS NOT NULL"),
    )
    op.create_table(
        "exam",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("deadline_id", sa.Uuid(), nullable=True),
        sa.Column("follows", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deck_ids", ARRAY(sa.Uuid()), nullable=False),
        sa.Column("tags", ARRAY(sa.String(60)), nullable=False),
        sa.Column("retention", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("plan", JSONB(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "retention BETWEEN 70 AND 97", name=op.f("ck_exam_retention_in_bounds")
        ),
        sa.CheckConstraint(
            "minutes BETWEEN 0 AND 720", name=op.f("ck_exam_minutes_in_bounds")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_exam_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["deadline_id"],
            ["deadline.id"],
            name=op.f("fk_exam_deadline_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam")),
    )
    op.create_index("ix_exam_account_id_day", "exam", ["account_id", "day"])
    op.create_index(op.f("ix_exam_deadline_id"), "exam", ["deadline_id"])
    op.create_index(
        "ix_exam_open",
        "exam",
        ["account_id"],
        postgresql_where=sa.text("closed_on IS NULL"),
    )


def downgrade() -> None:
    """Go back; cards come when their decks bring them."""
    op.drop_table("exam")
    op.drop_index("ix_card_ahead", "card")
    op.drop_column("card", "ahead_on")
