"""0016 unused media: since when no card names a picture or a sound."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column(
        "cardmedia", sa.Column("unused_since", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    """Go back."""
    op.drop_column("cardmedia", "unused_since")
