"""0008 too short to count: sessions under a minute, ended before that rule, count nowhere."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COUNT_NOTHING = """
UPDATE focussession SET focused_seconds = 0 WHERE focused_seconds BETWEEN 1 AND 59
"""


def upgrade() -> None:
    """Go forward."""
    op.execute(COUNT_NOTHING)


def downgrade() -> None:
    """Go back: what counts nothing counted next to nothing, and needs no way back."""
