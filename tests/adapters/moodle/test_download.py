"""Files that break off are continued, and never mixed from two versions."""

import asyncio
import hashlib
import json
import os
import signal
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.app import create_app
from demo.campus import Module, StoredFile
from demo.files import stored
from demo.opening import open_campus
from studymaster.adapters.moodle import Patience, open_site
from studymaster.adapters.moodle.download import open_download
from studymaster.adapters.moodle.failures import (
    AccessRefusedError,
    FileBrokenError,
    FileTooLargeError,
    TokenExpiredError,
)
from studymaster.adapters.storage import StorageAwayError
from tests.conftest import NOON
from tests.demo.serving import serving

ATLAS = Random(40).randbytes(41_240_120)
NOTES = Random(4).randbytes(300_000)
LIMIT = 50_000_000
PATIENT = Patience()


def sha1_of(data):
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


@dataclass
class Witness:
    """Stands before the demo Moodle and counts what it is asked for and what it sends."""

    app: object
    ranges: list = field(default_factory=list)
    sent: int = 0

    async def __call__(self, scope, receive, send):
        if "pluginfile" in scope.get("path", ""):
            self.ranges.append(dict(scope["headers"]).get(b"range"))

        async def counted(message):
            self.sent += len(message.get("body", b""))
            await send(message)

        await self.app(scope, receive, counted)

    def forget(self):
        self.ranges.clear()
        self.sent = 0


@dataclass
class Moodle:
    """The demo Moodle with two files of known bytes, and a student's key to it."""

    address: str
    witness: Witness
    cmids: dict
    token: str = ""

    def url(self, name):
        where = f"{self.cmids[name] + 100}/mod_resource/content/0/{name}"
        return f"{self.address}/webservice/pluginfile.php/{where}?forcedownload=1"

    async def switch(self, way, **wish):
        async with httpx.AsyncClient(base_url=self.address) as http:
            answer = await http.post(f"/demo/{way}", json=wish)
        assert answer.status_code == 200, answer.text

    async def fail(self, failure, **wish):
        await self.switch("failures", failure=failure, function="file", **wish)

    async def heal(self):
        async with httpx.AsyncClient(base_url=self.address) as http:
            await http.delete("/demo/failures")
        self.witness.forget()

    @asynccontextmanager
    async def site(self, patience=PATIENT):
        host = self.address.removeprefix("http://")
        async with open_site(
            self.address,
            allowed_hosts=frozenset({host}),
            token=self.token,
            patience=patience,
        ) as site:
            yield site


def add(campus, name, content):
    course = campus.course_named("BIO 110")
    file = StoredFile(name, content, "application/pdf", 0, 0)
    return campus.add(course, Module(0, 0, 0, "resource", name, 0, 0, files=(file,))).cmid


@pytest.fixture
def moodle(campus_files):
    campus = open_campus(campus_files, now=NOON)
    cmids = {name: add(campus, f"{name}", data) for name, data in CONTENT.items()}
    witness = Witness(create_app(campus, now=lambda: NOON))
    with serving(witness) as address:
        yield Moodle(address, witness, cmids, campus.sign_in(campus.students["mina"]))


CONTENT = {"atlas.pdf": ATLAS, "notes.pdf": NOTES}


@asynccontextmanager
async def opened(site, url, parts, **wishes):
    wishes = {"limit_bytes": LIMIT, "token": site._token} | wishes
    async with open_download(site._door, url, parts=parts, **wishes) as download:
        yield download


async def fetch(site, url, parts, **wishes):
    """Bring in a whole file; return its bytes and how many of them were here before."""
    async with opened(site, url, parts, **wishes) as download:
        path = await download.save()
        assert download.sha1 == sha1_of(path.read_bytes())
        return path.read_bytes(), download.resumed


async def break_off(site, url, parts):
    with pytest.raises(FileBrokenError):
        await fetch(site, url, parts)


# -- over real connections


async def test_a_file_is_there_until_the_download_ends(moodle, tmp_path):
    told = []

    def note(fresh):
        told.append(fresh)

    async with (
        moodle.site() as site,
        opened(site, moodle.url("atlas.pdf"), tmp_path) as download,
    ):
        path = await download.save(progress=note)
        assert path.read_bytes() == ATLAS
    assert list(tmp_path.iterdir()) == []
    assert sum(told) == len(ATLAS)
    assert min(told[:-1]) >= 256 * 1024


async def test_a_file_that_broke_off_is_continued_where_it_stopped(moodle, tmp_path):
    url = moodle.url("atlas.pdf")
    await moodle.fail("broken_off", after=30_000_000, times=1)
    async with moodle.site() as site:
        await break_off(site, url, tmp_path)
    await moodle.heal()
    async with moodle.site() as site:
        body, resumed = await fetch(site, url, tmp_path)

    # A connection that is cut takes along what was sent and not read yet.
    assert 20_000_000 < resumed <= 30_000_000
    assert body == ATLAS
    assert moodle.witness.ranges == [f"bytes={resumed}-".encode()]
    assert moodle.witness.sent == len(ATLAS) - resumed


async def test_the_bytes_of_an_earlier_try_count_as_progress(moodle, tmp_path):
    told = []

    def note(fresh):
        told.append(fresh)

    url = moodle.url("notes.pdf")
    await moodle.fail("broken_off", after=100_000, times=1)
    async with moodle.site() as site:
        await break_off(site, url, tmp_path)
        async with opened(site, url, tmp_path) as download:
            await download.save(progress=note)
    assert 0 < told[0] <= 100_000
    assert sum(told) == len(NOTES)


async def test_a_file_that_was_replaced_in_between_comes_whole(moodle, tmp_path):
    url, cmid = moodle.url("notes.pdf"), moodle.cmids["notes.pdf"]
    await moodle.fail("broken_off", after=1_000, times=1)
    async with moodle.site() as site:
        await break_off(site, url, tmp_path)
        await moodle.switch("changes", change="replace_file", cmid=cmid, text="New.")
        await moodle.heal()
        body, resumed = await fetch(site, url, tmp_path)

    assert body.startswith(b"%PDF")
    assert resumed == 0
    assert moodle.witness.ranges == [b"bytes=1000-", None]


async def test_a_version_that_shows_up_only_for_the_rest_is_not_appended(moodle, tmp_path):
    url = moodle.url("notes.pdf")
    await moodle.fail("broken_off", after=1_000, times=1)
    await moodle.fail("resume_other_version", times=1)
    async with moodle.site() as site:
        await break_off(site, url, tmp_path)
        assert await fetch(site, url, tmp_path) == (NOTES, 0)


async def test_a_file_saved_but_not_used_is_not_sent_again(moodle, tmp_path):
    url = moodle.url("atlas.pdf")
    async with moodle.site() as site:
        with pytest.raises(StorageAwayError):
            async with opened(site, url, tmp_path) as download:
                await download.save()
                message = "The store is away."
                raise StorageAwayError(message)
        moodle.witness.forget()
        body, resumed = await fetch(site, url, tmp_path, known_sha1="0" * 40)

    assert (body == ATLAS, resumed) == (True, len(ATLAS))
    assert moodle.witness.sent == 0
    assert list(tmp_path.iterdir()) == []


async def test_a_file_saved_but_replaced_since_is_sent_again(moodle, tmp_path):
    url, cmid = moodle.url("notes.pdf"), moodle.cmids["notes.pdf"]
    async with moodle.site() as site:
        with pytest.raises(StorageAwayError):
            async with opened(site, url, tmp_path) as download:
                await download.save()
                message = "The store is away."
                raise StorageAwayError(message)
        await moodle.switch("changes", change="replace_file", cmid=cmid, text="New.")
        body, resumed = await fetch(site, url, tmp_path)
    assert body.startswith(b"%PDF")
    assert resumed == 0


async def test_what_another_student_has_begun_is_only_for_those_who_may_read_it(
    moodle, tmp_path
):
    url = moodle.url("notes.pdf")
    await moodle.fail("broken_off", after=100_000, times=1)
    async with moodle.site() as site:
        await break_off(site, url, tmp_path)
        with pytest.raises((AccessRefusedError, TokenExpiredError)):
            await fetch(site, url, tmp_path, token="nobody")
        body, resumed = await fetch(site, url, tmp_path)
        assert (body == NOTES, 0 < resumed <= 100_000) == (True, True)


async def test_a_site_that_fails_in_between_costs_nothing_of_what_is_here(moodle, tmp_path):
    url = moodle.url("notes.pdf")
    await moodle.fail("broken_off", after=100_000, times=1)
    async with moodle.site() as site:
        await break_off(site, url, tmp_path)
        for failure in ("maintenance", "database_down", "file_error_as_200"):
            await moodle.fail(failure, times=1)
            with pytest.raises(Exception, match=r"127\.0\.0\.1"):
                await fetch(site, url, tmp_path)
        await moodle.heal()
        body, resumed = await fetch(site, url, tmp_path)
        assert (body == NOTES, 0 < resumed <= 100_000) == (True, True)


async def test_wrong_bytes_are_thrown_away_and_the_next_try_starts_anew(moodle, tmp_path):
    url = moodle.url("notes.pdf")
    await moodle.fail("wrong_bytes", times=1)
    async with moodle.site() as site:
        await break_off(site, url, tmp_path)
        assert list(tmp_path.iterdir()) == []
        assert await fetch(site, url, tmp_path) == (NOTES, 0)


async def test_a_beginning_that_was_damaged_here_is_noticed(moodle, tmp_path):
    url = moodle.url("notes.pdf")
    await moodle.fail("broken_off", after=100_000, times=1)
    async with moodle.site() as site:
        await break_off(site, url, tmp_path)
        [part] = tmp_path.iterdir()
        part.write_bytes(b"?" + part.read_bytes()[1:])
        await break_off(site, url, tmp_path)
        assert await fetch(site, url, tmp_path) == (NOTES, 0)


async def test_a_beginning_longer_than_the_file_is_replaced(moodle, tmp_path):
    url = moodle.url("notes.pdf")
    await moodle.fail("broken_off", after=100_000, times=1)
    async with moodle.site() as site:
        await break_off(site, url, tmp_path)
        [part] = tmp_path.iterdir()
        part.write_bytes(NOTES + b"more")
        assert await fetch(site, url, tmp_path) == (NOTES, 0)


async def test_two_who_want_the_same_file_at_once_both_get_it_whole(moodle, tmp_path):
    url = moodle.url("atlas.pdf")
    await moodle.fail("broken_off", after=10_000_000, times=1)
    async with moodle.site() as one, moodle.site() as other:
        await break_off(one, url, tmp_path)
        async with (
            opened(one, url, tmp_path) as first,
            opened(other, url, tmp_path) as second,
        ):
            paths = await asyncio.gather(first.save(), second.save())
            assert [path.read_bytes() == ATLAS for path in paths] == [True, True]
            none, some = sorted([first.resumed, second.resumed])
            assert (none, 5_000_000 < some <= 10_000_000) == (0, True)
    assert list(tmp_path.iterdir()) == []


async def test_a_cancelled_download_goes_on_later(moodle, tmp_path):
    url, here = moodle.url("atlas.pdf"), asyncio.Event()

    def note(fresh):
        here.set()

    async def download(site):
        async with opened(site, url, tmp_path) as file:
            await file.save(progress=note)

    await moodle.fail("one_byte_a_second", after=20_000_000)
    async with moodle.site() as site:
        task = asyncio.create_task(download(site))
        await here.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await moodle.heal()
    async with moodle.site() as site:
        body, resumed = await fetch(site, url, tmp_path)
    assert body == ATLAS
    assert resumed > 0


async def test_a_file_that_crawls_is_given_up_and_keeps_what_came(moodle, tmp_path):
    url = moodle.url("notes.pdf")
    hurry = Patience(silence=0.3, slowest=10_000_000)
    await moodle.fail("one_byte_a_second", after=200_000)
    async with moodle.site(hurry) as site:
        await break_off(site, url, tmp_path)
    await moodle.heal()
    async with moodle.site() as site:
        assert await fetch(site, url, tmp_path) == (NOTES, 200_000)


async def test_ten_gigabytes_are_refused_before_they_flow(moodle, tmp_path):
    await moodle.fail("ten_gigabytes")
    async with moodle.site() as site:
        with pytest.raises(FileTooLargeError):
            await fetch(site, moodle.url("notes.pdf"), tmp_path)
    assert list(tmp_path.iterdir()) == []


async def test_a_limit_that_was_lowered_holds_for_what_is_here_too(moodle, tmp_path):
    url = moodle.url("notes.pdf")
    await moodle.fail("broken_off", after=100_000, times=1)
    async with moodle.site() as site:
        await break_off(site, url, tmp_path)
        with pytest.raises(FileTooLargeError):
            await fetch(site, url, tmp_path, limit_bytes=50_000)
    assert list(tmp_path.iterdir()) == []


async def test_a_known_file_is_not_sent_and_its_beginning_not_kept(moodle, tmp_path):
    url = moodle.url("notes.pdf")
    await moodle.fail("broken_off", after=100_000, times=1)
    async with moodle.site() as site:
        await break_off(site, url, tmp_path)
        moodle.witness.forget()
        async with opened(site, url, tmp_path, known_sha1=sha1_of(NOTES)) as download:
            assert download.not_modified
    assert moodle.witness.sent == 0
    assert list(tmp_path.iterdir()) == []


async def test_a_disk_that_takes_nothing_says_so(moodle, tmp_path):
    blocked = tmp_path / "a file, no folder"
    blocked.write_bytes(b"")
    async with moodle.site() as site:
        with pytest.raises(StorageAwayError, match="disk"):
            await fetch(site, moodle.url("notes.pdf"), blocked)


CHILD = """
import asyncio, json, sys
from pathlib import Path
from studymaster.adapters.moodle import open_site
from studymaster.adapters.moodle.download import open_download

def note(fresh):
    print(fresh, flush=True, file=sys.stderr)

async def main(address, host, token, url, parts):
    async with open_site(address, allowed_hosts=frozenset({host}), token=token) as site:
        async with open_download(
            site._door, url, token=token, limit_bytes=50_000_000, parts=Path(parts)
        ) as download:
            await download.save(progress=note)

asyncio.run(main(*json.loads(sys.argv[1])))
"""


async def killed_after(size, told):
    """Let another process download so many bytes; return how many it had when it was killed."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        CHILD,
        told,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    here = 0
    try:
        while here < size:
            here += int(await child.stderr.readline())
    finally:
        child.kill()
        ended = await child.wait()
    assert ended == -signal.SIGKILL
    return here


async def test_a_worker_killed_in_mid_file_leaves_a_beginning_that_is_continued(
    moodle, tmp_path
):
    url, host = moodle.url("atlas.pdf"), moodle.address.removeprefix("http://")
    told = json.dumps([moodle.address, host, moodle.token, url, str(tmp_path)])
    await moodle.fail("one_byte_a_second", after=20_000_000)
    here = await killed_after(19_000_000, told)
    await moodle.heal()
    async with moodle.site() as site:
        body, resumed = await fetch(site, url, tmp_path)

    assert sha1_of(body) == sha1_of(ATLAS)
    assert resumed >= here
    assert moodle.witness.sent == len(ATLAS) - resumed


# -- every way to break off


class Cut(httpx.AsyncByteStream):
    """A body that ends before its time."""

    def __init__(self, body, after):
        self._body, self._after = body, after

    async def __aiter__(self):
        piece = max(1, self._after // 3)
        for start in range(0, min(self._after, len(self._body)), piece):
            yield self._body[start : min(start + piece, self._after)]
        if self._after < len(self._body):
            message = "the connection broke"
            raise httpx.ReadError(message)


@dataclass
class Moment:
    """A Moodle with one file, which may be cut off or replaced between two requests."""

    content: bytes = b""
    after: int = 0
    etag: bool = True
    served: int = 0

    def answer(self, request):
        file = StoredFile("a.pdf", self.content, "application/pdf", 0, 0)
        whole = stored(file, request.headers)
        headers = [
            (name, value)
            for name, value in whole.raw_headers
            if self.etag or name != b"etag"
        ]
        body = Cut(whole.body, self.after)
        self.served += min(self.after, len(whole.body))
        return httpx.Response(whole.status_code, headers=headers, stream=body)

    @asynccontextmanager
    async def site(self):
        async with open_site(
            "moodle.example",
            allowed_hosts=frozenset(),
            token="t",
            transport=httpx.MockTransport(self.answer),
        ) as site:
            yield site


WHERE = "https://moodle.example/webservice/pluginfile.php/1/mod_resource/content/0/a.pdf"
TRIES = st.lists(st.integers(0, 3000), max_size=6)


@settings(max_examples=60, deadline=None)
@given(content=st.binary(min_size=1, max_size=3000), cuts=TRIES)
async def test_wherever_it_breaks_off_no_byte_is_sent_twice(content, cuts):
    moodle = Moment(content)
    with TemporaryDirectory() as folder:
        async with moodle.site() as site:
            for after in [*cuts, 3000]:
                moodle.after = after
                try:
                    body, _ = await fetch(site, WHERE, Path(folder))
                except FileBrokenError:
                    continue
                break
    assert body == content
    assert moodle.served == len(content)


HAPPENINGS = st.lists(
    st.tuples(
        st.integers(0, 600), st.sampled_from(["", "replaced", "damaged", "shortened"])
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(
    versions=st.lists(st.binary(min_size=1, max_size=600), min_size=7, max_size=7),
    happenings=HAPPENINGS,
    etag=st.booleans(),
)
async def test_whatever_happens_in_between_only_the_present_version_counts(
    versions, happenings, etag
):
    moodle = Moment(versions[0], etag=etag)
    with TemporaryDirectory() as folder:
        async with moodle.site() as site:
            for version, (after, happening) in zip(versions[1:], happenings, strict=False):
                moodle.after = after
                try:
                    assert (await fetch(site, WHERE, Path(folder)))[0] == moodle.content
                except FileBrokenError:
                    happen(happening, Path(folder), moodle, version)
            moodle.after = 600
            body = await first_that_holds(site, Path(folder))
        assert not any(os.scandir(folder))
    assert body == moodle.content


def happen(happening, folder, moodle, version):
    if happening == "replaced":
        moodle.content = version
    for part in folder.iterdir():
        if happening == "damaged":
            part.write_bytes(bytes(byte ^ 1 for byte in part.read_bytes()))
        if happening == "shortened":
            part.write_bytes(part.read_bytes()[:-1])


async def first_that_holds(site, folder):
    """A damaged beginning costs one try, never two."""
    try:
        return (await fetch(site, WHERE, folder))[0]
    except FileBrokenError:
        return (await fetch(site, WHERE, folder))[0]


async def test_a_file_without_a_hash_is_never_continued(tmp_path):
    moodle = Moment(NOTES, after=1000, etag=False)
    async with moodle.site() as site:
        await break_off(site, WHERE, tmp_path)
        assert list(tmp_path.iterdir()) == []
        moodle.after = len(NOTES)
        assert await fetch(site, WHERE, tmp_path) == (NOTES, 0)


@pytest.mark.parametrize(
    "answer",
    [
        {"content-range": f"bytes 999-{len(NOTES) - 1}/{len(NOTES)}"},
        {"content-range": f"bytes 1000-1999/{len(NOTES)}"},
        {"content-range": f"bytes 1000-{len(NOTES) - 1}/*"},
        {"content-range": ""},
        {"content-encoding": "gzip"},
        {"etag": '"no hash"'},
        {"status": 416},
    ],
)
async def test_a_rest_that_does_not_fit_is_not_appended(tmp_path, answer):
    moodle = Moment(NOTES, after=1000)

    def odd(request):
        right = moodle.answer(request)
        if "range" not in request.headers:
            return right
        headers = dict(right.headers) | answer
        status = headers.pop("status", right.status_code)
        return httpx.Response(int(status), headers=headers, stream=right.stream)

    async with moodle.site() as site:
        await break_off(site, WHERE, tmp_path)
    moodle.after = len(NOTES)
    async with open_site(
        "moodle.example",
        allowed_hosts=frozenset(),
        token="t",
        transport=httpx.MockTransport(odd),
    ) as site:
        assert await fetch(site, WHERE, tmp_path) == (NOTES, 0)


async def test_bytes_beyond_the_limit_end_it_while_they_flow(tmp_path):
    moodle = Moment(NOTES, after=len(NOTES))

    def unannounced(request):
        right = moodle.answer(request)
        del right.headers["content-length"]
        return right

    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(
            open_site(
                "moodle.example",
                allowed_hosts=frozenset(),
                token="t",
                transport=httpx.MockTransport(unannounced),
            )
        )
        with pytest.raises(FileTooLargeError):
            await fetch(site, WHERE, tmp_path, limit_bytes=len(NOTES) - 1)
    assert list(tmp_path.iterdir()) == []
