"""0009 live sync: sections, states, grades, announcements, a calendar feed; runs that tell more."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

GIVEN = (
    ("blob", "by_ocr"),
    ("material", "accessible"),
    ("moodleconnection", "way"),
    ("preferences", "notify_by_email"),
    ("preferences", "grade_insight"),
    ("syncrun", "requests"),
    ("syncrun", "bytes_total"),
    ("syncrun", "unread_courses"),
)
"""What rows that are there already are given; later ones bring their own."""

CHOICES = (
    (
        "syncchange",
        "what",
        ("new", "changed", "renamed", "moved", "gone", "back"),
        ("restricted", "opened"),
    ),
    (
        "material",
        "fetch_state",
        ("none", "waiting", "stored", "failed"),
        ("on_demand", "too_large"),
    ),
    ("deadline", "kind", ("assignment", "quiz"), ("event",)),
)
"""Table, column, the words that it knew, and those that it learns."""

BACK = {
    ("syncchange", "restricted"): "DELETE FROM syncchange WHERE what = 'restricted'",
    ("syncchange", "opened"): "DELETE FROM syncchange WHERE what = 'opened'",
    ("material", "on_demand"): (
        "UPDATE material SET fetch_state = 'none' WHERE fetch_state = 'on_demand'"
    ),
    ("material", "too_large"): (
        "UPDATE material SET fetch_state = 'failed' WHERE fetch_state = 'too_large'"
    ),
    ("deadline", "event"): "DELETE FROM deadline WHERE kind = 'event'",
}
"""What becomes of rows with a word that the version before does not know."""

LAST_SYNCED = """
UPDATE moodleconnection SET last_synced_at = (
    SELECT max(finished_at) FROM syncrun
    WHERE connection_id = moodleconnection.id AND state = 'done' AND course_id IS NULL
)
"""


def upgrade() -> None:
    """Go forward."""
    _make_tables()
    _add_columns()
    op.add_column(
        "blob",
        sa.Column("by_ocr", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    for table, name in GIVEN:
        op.alter_column(table, name, server_default=None)
    op.execute("UPDATE course SET followed_since = created_at")
    op.execute("UPDATE moodleconnection SET token_obtained_at = created_at")
    op.alter_column("course", "followed_since", nullable=False)
    op.alter_column("moodleconnection", "token_obtained_at", nullable=False)
    for table, column, words, more in CHOICES:
        _hold(table, column, (*words, *more))


def _make_tables() -> None:
    op.create_table(
        "calendarfeed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_calendarfeed_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendarfeed")),
        sa.UniqueConstraint("account_id", name=op.f("uq_calendarfeed_account_id")),
        sa.UniqueConstraint("key", name=op.f("uq_calendarfeed_key")),
    )
    op.create_table(
        "announcement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("cmid", sa.BigInteger(), nullable=False),
        sa.Column("discussion_id", sa.BigInteger(), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("author", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_announcement_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["course.id"],
            name=op.f("fk_announcement_course_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint(
            "course_id",
            "discussion_id",
            name=op.f("uq_announcement_course_id_discussion_id"),
        ),
    )
    op.create_index(
        "ix_announcement_account_id_posted_at",
        "announcement",
        ["account_id", "posted_at"],
        unique=False,
    )
    op.create_table(
        "coursesection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("moodle_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("summary", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("restriction", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_coursesection_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["course.id"],
            name=op.f("fk_coursesection_course_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coursesection")),
        sa.UniqueConstraint(
            "course_id", "moodle_id", name=op.f("uq_coursesection_course_id_moodle_id")
        ),
    )
    op.create_index(
        op.f("ix_coursesection_account_id"), "coursesection", ["account_id"], unique=False
    )
    op.create_table(
        "gradeitem",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("moodle_id", sa.BigInteger(), nullable=False),
        sa.Column("cmid", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "course",
                "category",
                "activity",
                "manual",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Float(), nullable=True),
        sa.Column("minimum", sa.Float(), nullable=False),
        sa.Column("maximum", sa.Float(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=True),
        sa.Column("shown", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("feedback", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_gradeitem_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["course.id"],
            name=op.f("fk_gradeitem_course_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gradeitem")),
        sa.UniqueConstraint(
            "course_id", "moodle_id", name=op.f("uq_gradeitem_course_id_moodle_id")
        ),
    )
    op.create_index(
        op.f("ix_gradeitem_account_id"), "gradeitem", ["account_id"], unique=False
    )
    op.create_table(
        "gradepoint",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grade", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_gradepoint_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["gradeitem.id"],
            name=op.f("fk_gradepoint_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("item_id", "seen_at", name=op.f("pk_gradepoint")),
    )
    op.create_index(op.f("ix_gradepoint_account_id"), "gradepoint", ["account_id"])


def _add_columns() -> None:
    op.add_column(
        "course", sa.Column("followed_since", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "course",
        sa.Column(
            "listing_sha1", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True
        ),
    )
    op.add_column("course", sa.Column("progress", sa.Float(), nullable=True))
    op.add_column(
        "deadline", sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "deadline", sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "deadline", sa.Column("address", sqlmodel.sql.sqltypes.AutoString(), nullable=True)
    )
    op.add_column(
        "deadline",
        sa.Column(
            "submission",
            sa.Enum(
                "none",
                "draft",
                "submitted",
                "graded",
                name="submission",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
    )
    op.add_column(
        "deadline", sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("material", sa.Column("section_id", sa.Uuid(), nullable=True))
    op.add_column(
        "material",
        sa.Column("accessible", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.add_column("material", sa.Column("completion", sa.Integer(), nullable=True))
    op.add_column(
        "material",
        sa.Column(
            "last_change",
            sa.Enum(
                "new",
                "changed",
                "renamed",
                "moved",
                "gone",
                "back",
                "restricted",
                "opened",
                name="last_change",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
    )
    op.add_column(
        "material", sa.Column("last_change_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_index(
        op.f("ix_material_section_id"), "material", ["section_id"], unique=False
    )
    op.create_foreign_key(
        op.f("fk_material_section_id"),
        "material",
        "coursesection",
        ["section_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.add_column(
        "moodleconnection",
        sa.Column(
            "way",
            sa.Enum(
                "password",
                "browser",
                "token",
                name="way",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            server_default="password",
        ),
    )
    op.add_column(
        "moodleconnection",
        sa.Column("token_obtained_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.add_column(
        "moodleconnection",
        sa.Column(
            "failure_code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True
        ),
    )
    op.drop_column("moodleconnection", "last_synced_at")
    op.add_column(
        "preferences",
        sa.Column(
            "notify_by_email", sa.Boolean(), nullable=False, server_default=sa.false()
        ),
    )
    op.add_column(
        "preferences",
        sa.Column("grade_insight", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "syncrun", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "syncrun", sa.Column("requests", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "syncrun",
        sa.Column("bytes_total", sa.BigInteger(), nullable=False, server_default="0"),
    )
    op.add_column(
        "syncrun",
        sa.Column(
            "unread_courses", sa.ARRAY(sa.BigInteger()), nullable=False, server_default="{}"
        ),
    )
    op.create_index(
        "ix_sync_run_connection_id_finished_at",
        "syncrun",
        ["connection_id", "finished_at"],
        unique=False,
    )


def _hold(table: str, column: str, words: tuple[str, ...]) -> None:
    """Have the database hold a column to these words."""
    name = op.f(f"ck_{table}_{column}")
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, sa.column(column).in_(words))


def downgrade() -> None:
    """Go back."""
    for table, column, words, more in CHOICES:
        for word in more:
            op.execute(BACK[table, word])
        _hold(table, column, words)
    op.drop_column("blob", "by_ocr")
    op.drop_index("ix_sync_run_connection_id_finished_at", table_name="syncrun")
    op.drop_column("syncrun", "unread_courses")
    op.drop_column("syncrun", "bytes_total")
    op.drop_column("syncrun", "requests")
    op.drop_column("syncrun", "cancelled_at")
    op.drop_column("preferences", "grade_insight")
    op.drop_column("preferences", "notify_by_email")
    op.add_column(
        "moodleconnection",
        sa.Column("last_synced_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.execute(LAST_SYNCED)
    op.drop_column("moodleconnection", "failure_code")
    op.drop_column("moodleconnection", "token_obtained_at")
    op.drop_column("moodleconnection", "way")
    op.drop_constraint(op.f("fk_material_section_id"), "material", type_="foreignkey")
    op.drop_index(op.f("ix_material_section_id"), table_name="material")
    op.drop_column("material", "last_change_at")
    op.drop_column("material", "last_change")
    op.drop_column("material", "completion")
    op.drop_column("material", "accessible")
    op.drop_column("material", "section_id")
    op.drop_column("deadline", "submitted_at")
    op.drop_column("deadline", "submission")
    op.drop_column("deadline", "address")
    op.drop_column("deadline", "closes_at")
    op.drop_column("deadline", "opens_at")
    op.drop_column("course", "progress")
    op.drop_column("course", "listing_sha1")
    op.drop_column("course", "followed_since")
    op.drop_table("gradepoint")
    op.drop_index(op.f("ix_gradeitem_account_id"), table_name="gradeitem")
    op.drop_table("gradeitem")
    op.drop_index(op.f("ix_coursesection_account_id"), table_name="coursesection")
    op.drop_table("coursesection")
    op.drop_index("ix_announcement_account_id_posted_at", table_name="announcement")
    op.drop_table("announcement")
    op.drop_table("calendarfeed")
