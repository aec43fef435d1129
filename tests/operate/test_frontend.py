from pathlib import Path

import pytest

from operate.frontend import clear_copies, fingerprint


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in (
        "rxconfig.py",
        "studymaster/ui/layout.py",
        "assets/tokens.css",
        "README.md",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("as it was")
    return tmp_path


@pytest.mark.parametrize(
    "changed",
    [
        "rxconfig.py",
        "requirements.txt",
        "reflex.lock/bun.lock",
        "assets/tokens.css",
        "studymaster/ui/layout.py",
        "studymaster/features/flashcards/review.jsx",
    ],
)
def test_a_changed_source_needs_new_pages(checkout, changed):
    before = fingerprint(checkout)
    (checkout / changed).parent.mkdir(parents=True, exist_ok=True)
    (checkout / changed).write_text("changed")
    assert fingerprint(checkout) != before


def test_a_renamed_source_needs_new_pages(checkout):
    before = fingerprint(checkout)
    (checkout / "assets/tokens.css").rename(checkout / "assets/theme.css")
    assert fingerprint(checkout) != before


@pytest.mark.parametrize(
    "changed", ["README.md", "workers/app.py", "assets/external/copy.jsx"]
)
def test_what_no_page_shows_needs_no_new_pages(checkout, changed):
    before = fingerprint(checkout)
    (checkout / changed).parent.mkdir(parents=True, exist_ok=True)
    (checkout / changed).write_text("changed")
    assert fingerprint(checkout) == before


def test_a_new_build_trusts_no_copy_of_an_old_one(checkout):
    old = checkout / ".web/public/external/review.jsx"
    link = checkout / "assets/external/review.jsx"
    for copy in (old, link):
        copy.parent.mkdir(parents=True)
        copy.write_text("an old script, with a later date than its source")
    clear_copies(checkout)
    assert not old.exists()
    assert not link.exists()
    assert (checkout / "assets/tokens.css").read_text() == "as it was"
