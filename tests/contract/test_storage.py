"""Where the bytes of students lie: by what they upload through the API."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from studymaster.adapters import storage
from studymaster.config import get_settings
from studymaster.models import Course
from tests.contract.lines import contract
from tests.contract.people import Person
from tests.features.braindump.sounds import wav
from tests.features.campus.mates import enrol
from tests.features.library.shelf import lecture_pdf, make_course

NOTE = "# Cells\n\nA ribosome is a large complex that builds proteins from amino acids."
BUCKET = "studymaster"


def kept() -> dict[str, bytes]:
    """Return all that lies in the folder of the settings, by key."""
    root = get_settings().storage_dir
    files = [path for path in root.rglob("*") if path.is_file()]
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


@pytest.fixture
async def course(mina: Person) -> Course:
    return await make_course(mina.student)


async def add_pdf(mina: Person, course: Course) -> dict:
    path = f"/courses/{course.moodle_id}/materials"
    return await mina.send_file(path, lecture_pdf(), name="Own.pdf")


@contract("users/{user_id}/pdfs/")
async def test_a_pdf_of_ones_own_lies_among_ones_pdfs(mina: Person, course: Course) -> None:
    material = await add_pdf(mina, course)
    ((key, data),) = kept().items()
    assert Path(key).parent == Path(f"users/{mina.id}/pdfs")
    assert data == lecture_pdf()
    answer = await mina.http.get(f"/materials/{material['id']}/file")
    assert answer.content == data


@contract("users/{user_id}/audio/")
async def test_a_recording_lies_among_ones_audio(mina: Person) -> None:
    note = await mina.post("/notes", {"text": "Listen"})
    path = f"/notes/{note['id']}/memos"
    memo = await mina.send_file(path, wav(), name="memo.wav", mimetype="audio/wav")
    assert kept() == {f"users/{mina.id}/audio/{memo['id']}.wav": wav()}
    answer = await mina.http.get(f"/notes/memos/{memo['id']}/audio")
    assert answer.content == wav()


@contract("users/{user_id}/notes/")
async def test_a_note_that_became_a_source_lies_among_ones_notes(
    mina: Person, course: Course
) -> None:
    body = {"text": NOTE, "kind": "study", "course_id": course.moodle_id}
    note = await mina.post("/notes", body)
    await mina.post(f"/notes/{note['id']}/cards", status=202)
    ((key, data),) = kept().items()
    assert Path(key).parent == Path(f"users/{mina.id}/notes")
    assert data.decode() == NOTE


@contract("shared/resources/")
async def test_what_is_shared_lies_among_the_shared_resources(mina: Person) -> None:
    await enrol(mina.student)
    fields = {"kind": "file", "title": "Notes", "course_id": "101"}
    shared = await mina.send_file(
        "/social/resources", lecture_pdf(), name="notes.pdf", **fields
    )
    assert kept() == {f"shared/resources/{shared['id']}": lecture_pdf()}


@pytest.fixture
def bucket(monkeypatch) -> Iterator[object]:
    """A bucket behind a real S3 server, named by the settings."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings = {
        "S3_BUCKET": BUCKET,
        "S3_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    storage.get_storage.cache_clear()
    client = boto3.client("s3", endpoint_url=settings["S3_ENDPOINT_URL"])
    client.create_bucket(Bucket=BUCKET)
    yield client
    server.stop()
    storage.get_storage.cache_clear()


@contract("S3 bucket")
async def test_by_a_setting_it_all_lies_in_a_bucket(
    mina: Person, course: Course, bucket
) -> None:
    material = await add_pdf(mina, course)
    (item,) = bucket.list_objects_v2(Bucket=BUCKET)["Contents"]
    assert Path(item["Key"]).parent == Path(f"users/{mina.id}/pdfs")
    stored = bucket.get_object(Bucket=BUCKET, Key=item["Key"])["Body"].read()
    answer = await mina.http.get(f"/materials/{material['id']}/file")
    assert stored == answer.content == lecture_pdf()
    assert kept() == {}
    await mina.http.delete(f"/materials/{material['id']}")
    assert bucket.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0
