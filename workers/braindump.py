"""Background work on notes: writing down what was said."""

from functools import partial
from uuid import UUID

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.llm import open_model
from studymaster.adapters.storage import get_storage
from studymaster.config import get_settings
from studymaster.errors import StudyMasterError
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import ModelAccess
from studymaster.features.braindump.schemas import Recording
from studymaster.features.braindump.service import memos
from studymaster.jobs import JobName
from workers.apart import promised
from workers.app import task


@task(JobName.TRANSCRIBE_MEMO)
async def transcribe_memo(*, account_id: str, memo_id: str) -> None:
    """Keep a promised transcript, or the sentence that says why there is none."""
    account, memo = UUID(account_id), UUID(memo_id)
    say_why = partial(memos.fail_transcript, account_id=account, memo_id=memo)
    async with promised(say_why):
        await _keep_promise(account, memo)


async def _keep_promise(account: UUID, memo: UUID) -> None:
    async with unit_of_work() as work:
        recording = await memos.start_transcript(
            work, account_id=account, memo_id=memo, now=clock.now()
        )
        access = await accounts.find_model(work, account_id=account)
    if recording is None:
        return
    words = await _write_down(recording, access)
    async with unit_of_work() as work:
        await memos.finish_transcript(
            work, account_id=account, memo_id=memo, words=words, now=clock.now()
        )


async def _write_down(recording: Recording, access: ModelAccess | None) -> str:
    if access is None:
        raise StudyMasterError(memos.NO_MODEL)
    async with (
        get_storage().lend(recording.storage_key) as path,
        open_model(
            base_url=access.address,
            model=access.model,
            api_key=access.key.get_secret_value(),
        ) as model,
    ):
        return await model.write_down(
            path,
            filename=recording.filename,
            speech_model=get_settings().llm_speech_model,
        )
