"""Background work on flashcards: proposals from a material, by our rules or by a model."""

from asyncio import to_thread
from functools import partial
from uuid import UUID

from studymaster.adapters import clock
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.llm import open_model
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import ModelAccess
from studymaster.features.flashcards.rules.drafts import Proposal
from studymaster.features.flashcards.service import generation, media
from studymaster.features.flashcards.service.generation import Lecture
from studymaster.jobs import JobName
from studymaster.models import ProposalMaker
from workers.apart import promised
from workers.app import task


@task(JobName.GENERATE_PROPOSALS)
async def generate(*, account_id: str, generation_id: str) -> None:
    """Make the proposals that were promised; done work is not done again."""
    account, promise = UUID(account_id), UUID(generation_id)
    say_why = partial(generation.fail, account_id=account, generation_id=promise)
    async with promised(say_why):
        await _keep_promise(account, promise)


async def _keep_promise(account: UUID, promise: UUID) -> None:
    async with unit_of_work() as work:
        access = await accounts.find_model(work, account_id=account)
        maker = ProposalMaker.MODEL if access else ProposalMaker.RULES
        lecture = await generation.start(
            work, account_id=account, generation_id=promise, maker=maker, now=clock.now()
        )
    if lecture is None:
        return
    if access is None or lecture.is_glossary:
        drafts = await to_thread(generation.draft_by_rules, lecture)
    else:
        drafts = await _ask_model(access, lecture, account=account, promise=promise)
    checked = await to_thread(generation.check, lecture, drafts)
    async with unit_of_work() as work:
        await generation.finish(
            work,
            account_id=account,
            generation_id=promise,
            sha1=lecture.sha1,
            checked=checked,
            now=clock.now(),
        )


@task(JobName.PRUNE_MEDIA)
async def prune_media() -> None:
    """Throw away pictures and sounds that no card has named for 30 days."""
    async with unit_of_work() as work:
        owners = await media.list_owners(work)
    for account_id in owners:
        await media.prune(account_id=account_id, now=clock.now())


async def _ask_model(
    access: ModelAccess, lecture: Lecture, *, account: UUID, promise: UUID
) -> list[Proposal]:
    drafts: list[Proposal] = []
    async with open_model(
        base_url=access.address,
        model=access.model,
        api_key=access.key.get_secret_value(),
    ) as model:
        for pages in generation.stretches(lecture):
            drafts += await generation.draft_by_model(model, pages, title=lecture.title)
            async with unit_of_work() as work:
                await generation.note_progress(
                    work,
                    account_id=account,
                    generation_id=promise,
                    found=len(drafts),
                    now=clock.now(),
                )
    return drafts
