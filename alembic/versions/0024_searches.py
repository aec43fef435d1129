"""0024 searches: what a student searched for and keeps under a name."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "savedsearch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("tag", sa.String(60), nullable=False),
        sa.Column("deck", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_savedsearch_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_savedsearch")),
    )
    op.create_index(
        "uq_savedsearch_account_id_name",
        "savedsearch",
        ["account_id", sa.text("lower(name)")],
        unique=True,
    )


def downgrade() -> None:
    """Go back; what was kept is gone."""
    op.drop_table("savedsearch")
