"""Beginnings of files are cleaned away by age and by the space they take."""

import os
import resource
from datetime import UTC, datetime, timedelta
from hashlib import sha1

import pytest

from studymaster.adapters.moodle.partial import Part, clean, open_part
from studymaster.adapters.storage import StorageAwayError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HASH = sha1(b"a whole file").hexdigest()


def leave(folder, name, *, size=100, days=0.0):
    """Leave a beginning that was last written to some days ago."""
    part = Part(folder, sha1(name.encode()).hexdigest())
    part.begin(HASH)
    part.append(bytes(size))
    part.close(keep=True)
    seconds = (NOW - timedelta(days=days)).timestamp()
    os.utime(part.path, (seconds, seconds))
    return part.path


def test_beginnings_older_than_a_week_go(tmp_path):
    old = leave(tmp_path, "old", days=7.01)
    young = leave(tmp_path, "young", days=6.99)

    assert clean(tmp_path, now=NOW, most_bytes=10_000) == 100
    assert (old.exists(), young.exists()) == (False, True)


def test_the_oldest_go_until_the_rest_fits(tmp_path):
    paths = [leave(tmp_path, str(days), days=days) for days in (3, 1, 2)]

    assert clean(tmp_path, now=NOW, most_bytes=250) == 100
    assert [path.exists() for path in paths] == [False, True, True]
    assert clean(tmp_path, now=NOW, most_bytes=0) == 200
    assert list(tmp_path.iterdir()) == []


async def test_what_is_just_being_downloaded_stays(tmp_path):
    async with open_part(tmp_path, file="https://m.example/a.pdf") as part:
        part.begin(HASH)
        part.append(b"a who")
        os.utime(part.path, (0, 0))

        assert clean(tmp_path, now=NOW, most_bytes=0) == 0
        assert part.path.read_bytes() == b"a who"


def test_nothing_of_others_is_touched(tmp_path):
    (tmp_path / "notes.txt").write_bytes(b"mine")

    assert clean(tmp_path, now=NOW, most_bytes=0) == 0
    assert clean(tmp_path / "not there", now=NOW, most_bytes=0) == 0
    assert (tmp_path / "notes.txt").read_bytes() == b"mine"


async def test_the_youngest_beginning_is_taken_up_and_older_ones_go(tmp_path):
    file = "https://m.example/a.pdf"
    owner = sha1(file.encode()).hexdigest()
    for seconds, version in enumerate((b"first", b"second")):
        path = tmp_path / f"{owner}.{sha1(version).hexdigest()}.part"
        path.write_bytes(version)
        os.utime(path, (seconds, seconds))

    async with open_part(tmp_path, file=file) as part:
        assert part.sha1 == sha1(b"second").hexdigest()
        assert part.whole
        assert [path.name for path in tmp_path.iterdir()] == [part.path.name]


def test_a_thread_that_comes_too_late_changes_nothing(tmp_path):
    part = Part(tmp_path, "0" * 40)
    part.begin(HASH)
    part.append(b"a who")
    part.close(keep=True)
    part.append(b"le file")
    part.begin(HASH)
    part.find()

    assert part.path.read_bytes() == b"a who"


def test_a_disk_that_is_full_says_so(tmp_path):
    part = Part(tmp_path, "0" * 40)
    part.begin(HASH)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(StorageAwayError, match="full"):
            part.append(bytes(5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    part.close(keep=False)
    assert list(tmp_path.iterdir()) == []
