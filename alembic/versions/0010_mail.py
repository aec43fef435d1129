"""0010 mail: what of the inbox went by mail, and when a student may get the next."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "mailing",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_mailing_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_mailing")),
    )
    op.add_column(
        "notification", sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    """Go back."""
    op.drop_column("notification", "mailed_at")
    op.drop_table("mailing")
