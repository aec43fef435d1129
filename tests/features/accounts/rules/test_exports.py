"""What leaves with an export, and under which name."""

from uuid import uuid4

import pytest
from sqlmodel import SQLModel

from studymaster.features.accounts.queries.exports import _owner_columns, exported_tables
from studymaster.features.accounts.rules import exports as rules

NOBODYS = {
    "blob": "bytes that Moodle gave to several students; one's own uploads are added",
    "blobpage": "the text of such bytes",
    "taskfailure": "it is the host's",
    "tick": "it is the host's",
}


def test_every_table_is_a_students_or_nobodys_for_a_reason() -> None:
    left_out = set(SQLModel.metadata.tables) - set(exported_tables())
    assert left_out == set(NOBODYS) | rules.NOT_EXPORTED


def test_every_owner_column_is_there() -> None:
    for table in SQLModel.metadata.tables.values():
        assert set(_owner_columns(table)) <= set(table.c.keys())


@pytest.mark.parametrize(
    "column",
    ["password_hash", "sealed_token", "ai_sealed_key", "storage_key", "invite_code"],
)
def test_secrets_and_places_stay_here(column) -> None:
    assert rules.is_secret(column)


@pytest.mark.parametrize("column", ["front", "quote", "ai_address", "created_at", "device"])
def test_what_the_student_knows_leaves(column) -> None:
    assert not rules.is_secret(column)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("notes.pdf", "notes.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a/b\\c:d.pdf", "a_b_c_d.pdf"),
        ("", "file"),
        ("...", "file"),
        ("Übung 3.pdf", "Übung 3.pdf"),
    ],
)
def test_a_file_has_a_name_and_no_path_of_its_own(name, kept) -> None:
    assert rules.file_name("voicememo", 7, name) == f"files/voicememo/7-{kept}"


def test_a_long_name_keeps_its_ending() -> None:
    name = rules.file_name("material", 7, "x" * 500 + ".pdf")
    assert name.endswith("x.pdf")
    assert len(name) < 200


def test_an_export_lies_in_its_students_folder() -> None:
    account, export = uuid4(), uuid4()
    assert rules.storage_key(account, export) == f"users/{account}/exports/{export}.zip"


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "1 kB"), (900, "1 kB"), (12_400, "12 kB"), (3_400_000, "3.4 MB")],
)
def test_a_size_in_words(size, words) -> None:
    assert rules.size_in_words(size) == words
