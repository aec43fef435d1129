"""0006 week of taken back: points that were taken back no longer count for the week."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# A week counts what was won, less what was taken back; only decay takes nothing from it.
COUNTED = "entry.cause NOT LIKE 'decay:%'"
BEFORE = "entry.amount > 0"

WEEK_LEADERBOARD = """
CREATE MATERIALIZED VIEW week_leaderboard AS
SELECT date_trunc('week', entry.day::timestamp)::date AS week,
       entry.account_id,
       account.display_name AS name,
       sum(entry.amount) AS points
FROM pointsentry entry
JOIN preferences ON preferences.account_id = entry.account_id
JOIN account ON account.id = entry.account_id
WHERE {counted}
  AND preferences.on_leaderboard
  AND account.deleting_since IS NULL
  AND entry.day >= (
      SELECT date_trunc('week', max(day)::timestamp)::date - 7 FROM pointsentry
  )
GROUP BY week, entry.account_id, account.display_name
HAVING sum(entry.amount) > 0
"""


def upgrade() -> None:
    """Go forward."""
    _make_view(COUNTED)


def downgrade() -> None:
    """Go back."""
    _make_view(BEFORE)


def _make_view(counted: str) -> None:
    op.execute("DROP MATERIALIZED VIEW week_leaderboard")
    op.execute(WEEK_LEADERBOARD.format(counted=counted))
    op.execute(
        "CREATE UNIQUE INDEX uq_week_leaderboard ON week_leaderboard (week, account_id)"
    )
    op.execute(
        "CREATE INDEX ix_week_leaderboard_points ON week_leaderboard (week, points DESC)"
    )
