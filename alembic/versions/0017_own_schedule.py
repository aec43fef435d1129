"""0017 one's own schedule: FSRS fitted to a student, and how full their coming days are."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column(
        "deck",
        sa.Column("parameters", sa.ARRAY(sa.Float()), server_default="{}", nullable=False),
    )
    _fits()
    op.create_table(
        "dayload",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("counts", sa.ARRAY(sa.Integer()), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_dayload_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_dayload")),
    )


def downgrade() -> None:
    """Go back; cards stand where their own parameters brought them until the next replay."""
    op.drop_table("dayload")
    op.drop_table("schedulerfit")
    op.drop_column("deck", "parameters")


def _fits() -> None:
    op.create_table(
        "schedulerfit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("wish", sa.String(24), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("held_out", sa.Integer(), nullable=False),
        sa.Column("loss_before", sa.Float(), nullable=True),
        sa.Column("loss_after", sa.Float(), nullable=True),
        sa.Column("parameters", sa.ARRAY(sa.Float()), server_default="{}", nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.Column("comparison", sa.String(), nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.CheckConstraint(
            "wish IN ('fitted', 'published')", name=op.f("ck_schedulerfit_wish")
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed')",
            name=op.f("ck_schedulerfit_state"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_schedulerfit_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedulerfit")),
    )
    op.create_index(
        "uq_schedulerfit_unfinished",
        "schedulerfit",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_index(
        "ix_schedulerfit_account_id_created_at",
        "schedulerfit",
        ["account_id", "created_at"],
    )
