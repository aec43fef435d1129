"""0015 the day: limits, steps and order of a deck; notes, media, lapses and what can be undone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CHECKS = {
    "deck": {
        "new_order": "new_order IN ('lecture', 'random')",
        "due_order": "due_order IN ('oldest', 'random', 'retrievability')",
        "new_in_bounds": "new_per_day BETWEEN 0 AND 9999",
        "reviews_in_bounds": "reviews_per_day BETWEEN 0 AND 9999",
        "leech_in_bounds": "leech_at BETWEEN 0 AND 99",
    },
    "card": {"lapses_counted": "lapses >= 0"},
    "reviewlog": {"kind": "kind IN ('review', 'set_due', 'reset')"},
}
LAPSES = """
UPDATE card SET lapses = found.count FROM (
    SELECT card_id, count(*) AS count FROM reviewlog
    WHERE grade = 2 AND repetitions_before > 0 AND NOT drill GROUP BY card_id
) AS found WHERE found.card_id = card.id
"""


def upgrade() -> None:
    """Go forward."""
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    for table, checks in CHECKS.items():
        for name, rule in checks.items():
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)
    _kinds("'basic', 'cloze', 'typed', 'occlusion'")
    op.execute(LAPSES)
    op.create_index(
        "ix_card_note_id",
        "card",
        ["note_id"],
        postgresql_where=sa.text("note_id IS NOT NULL"),
    )
    op.create_index(
        "ix_card_account_id_guid",
        "card",
        ["account_id", "guid"],
        postgresql_where=sa.text("guid IS NOT NULL"),
    )
    _media()
    _undo()


def downgrade() -> None:
    """Go back; a typed card becomes a basic one, a covered picture goes."""
    op.drop_table("cardundo")
    op.drop_table("cardmedia")
    op.drop_index("ix_card_account_id_guid", table_name="card")
    op.drop_index("ix_card_note_id", table_name="card")
    op.execute("DELETE FROM card WHERE kind = 'occlusion'")
    op.execute("UPDATE card SET kind = 'basic' WHERE kind = 'typed'")
    op.execute("DELETE FROM reviewlog WHERE kind <> 'review'")
    _kinds("'basic', 'cloze'")
    for table, checks in CHECKS.items():
        for name in checks:
            op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    for table, columns in _columns().items():
        for column in columns:
            op.drop_column(table, column.name)


def _columns() -> dict[str, tuple[sa.Column[object], ...]]:
    """Return what each table gets; a column can be given to a table only once."""
    return {
        "deck": (
            sa.Column("new_per_day", sa.Integer(), server_default="20", nullable=False),
            sa.Column(
                "reviews_per_day", sa.Integer(), server_default="200", nullable=False
            ),
            sa.Column("new_today", sa.Integer(), nullable=True),
            sa.Column("reviews_today", sa.Integer(), nullable=True),
            sa.Column("limits_on", sa.Date(), nullable=True),
            sa.Column("new_order", sa.String(24), server_default="lecture", nullable=False),
            sa.Column("due_order", sa.String(24), server_default="oldest", nullable=False),
            sa.Column("steps", sa.String(80), server_default="", nullable=False),
            sa.Column("relearning_steps", sa.String(80), server_default="", nullable=False),
            sa.Column("bury_siblings", sa.Boolean(), server_default="true", nullable=False),
            sa.Column("leech_at", sa.Integer(), server_default="8", nullable=False),
            sa.Column(
                "leech_suspends", sa.Boolean(), server_default="true", nullable=False
            ),
            sa.Column("language", sa.String(35), server_default="", nullable=False),
        ),
        "card": (
            sa.Column("note_id", sa.Uuid(), nullable=True),
            sa.Column("ordinal", sa.SmallInteger(), server_default="0", nullable=False),
            sa.Column("guid", sa.String(64), nullable=True),
            sa.Column("masks", sa.String(), nullable=True),
            sa.Column("extra", sa.String(), server_default="", nullable=False),
            sa.Column("buried_until", sa.Date(), nullable=True),
            sa.Column("lapses", sa.Integer(), server_default="0", nullable=False),
            sa.Column("drill_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("drill_step", sa.SmallInteger(), server_default="0", nullable=False),
        ),
        "reviewlog": (
            sa.Column("kind", sa.String(24), server_default="review", nullable=False),
            sa.Column("due_on_after", sa.Date(), nullable=True),
        ),
        "preferences": (
            sa.Column("timebox_minutes", sa.Integer(), server_default="0", nullable=False),
            sa.Column(
                "easy_days",
                sa.ARRAY(sa.SmallInteger()),
                server_default="{100,100,100,100,100,100,100}",
                nullable=False,
            ),
        ),
    }


def _kinds(known: str) -> None:
    op.drop_constraint(op.f("ck_card_kind"), "card", type_="check")
    op.create_check_constraint(op.f("ck_card_kind"), "card", f"kind IN ({known})")


def _media() -> None:
    op.create_table(
        "cardmedia",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("sha1", sa.String(40), nullable=False),
        sa.Column("mimetype", sa.String(120), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_cardmedia_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cardmedia")),
        sa.UniqueConstraint(
            "account_id", "name", name=op.f("uq_cardmedia_account_id_name")
        ),
    )


def _undo() -> None:
    op.create_table(
        "cardundo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sentence", sa.String(200), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("made", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("logs", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_cardundo_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cardundo")),
    )
    op.create_index(
        "ix_cardundo_account_id_created_at", "cardundo", ["account_id", "created_at"]
    )
