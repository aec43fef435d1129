"""0003 leaderboard: an append-only ledger, and the week's places as a materialized view."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEEP_LEDGER = """
CREATE FUNCTION keep_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The lines of an account that is deleted go with it; by then its row is gone.
    IF TG_OP = 'DELETE'
       AND NOT EXISTS (SELECT FROM account WHERE id = OLD.account_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the ledger is append-only: book a new line instead'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""

LEDGER_TRIGGER = """
CREATE TRIGGER keep_ledger BEFORE UPDATE OR DELETE ON pointsentry
FOR EACH ROW EXECUTE FUNCTION keep_ledger()
"""

# Each line counts for the week of its student's own day. Students live in every zone, so
# for a day two weeks are under way: the newest one in the ledger and the one before it.
WEEK_LEADERBOARD = """
CREATE MATERIALIZED VIEW week_leaderboard AS
SELECT date_trunc('week', entry.day::timestamp)::date AS week,
       entry.account_id,
       account.display_name AS name,
       sum(entry.amount) AS points
FROM pointsentry entry
JOIN preferences ON preferences.account_id = entry.account_id
JOIN account ON account.id = entry.account_id
WHERE entry.amount > 0
  AND preferences.on_leaderboard
  AND account.deleting_since IS NULL
  AND entry.day >= (
      SELECT date_trunc('week', max(day)::timestamp)::date - 7 FROM pointsentry
  )
GROUP BY week, entry.account_id, account.display_name
"""


def upgrade() -> None:
    """Go forward."""
    op.execute(KEEP_LEDGER)
    op.execute(LEDGER_TRIGGER)
    op.execute(WEEK_LEADERBOARD)
    op.execute(
        "CREATE UNIQUE INDEX uq_week_leaderboard ON week_leaderboard (week, account_id)"
    )
    op.execute(
        "CREATE INDEX ix_week_leaderboard_points ON week_leaderboard (week, points DESC)"
    )


def downgrade() -> None:
    """Go back."""
    op.execute("DROP MATERIALIZED VIEW week_leaderboard")
    op.execute("DROP TRIGGER keep_ledger ON pointsentry")
    op.execute("DROP FUNCTION keep_ledger()")
