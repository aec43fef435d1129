"""Exporting and leaving, in a tab."""

import pytest

from studymaster import live
from studymaster.adapters.bus import News, Topic
from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError, SignInError
from studymaster.features.accounts import service
from studymaster.features.accounts.schemas import Student
from studymaster.features.accounts.state import OwnDataState
from studymaster.jobs import JobName
from tests.features.accounts.test_state import signed_in
from tests.tabs import open_tab, tab_of


async def is_leaving(student: Student) -> bool:
    async with unit_of_work() as work:
        account = await service.get_account(work, student.account_id)
    return account.deleting_since is not None


async def test_an_export_is_asked_for_once_and_shown(student, sent) -> None:
    tab = tab_of(student, OwnDataState)
    await OwnDataState.request_export.fn(tab)
    await OwnDataState.request_export.fn(tab)
    assert [one.state for one in tab.exports] == ["queued"]
    assert tab.is_packing
    assert [job.name for job in sent] == [JobName.EXPORT_ACCOUNT]


async def test_news_fetches_the_exports_again(student, other_student) -> None:
    tab = tab_of(student, OwnDataState)
    await OwnDataState.load.fn(tab)
    assert tab.exports == []
    news = News(Topic.NOTIFICATIONS, str(student.account_id))
    (update,) = live.tabs.updates_for(news, closing={}).values()
    assert [event.name.rsplit(".", 1)[-1] for event in update.events] == ["refresh"]
    await OwnDataState.request_export.fn(tab_of(other_student, OwnDataState))
    await OwnDataState.refresh.fn(tab)
    assert tab.exports == []


async def test_leaving_signs_out_everywhere(student, sent) -> None:
    tab = tab_of(student, OwnDataState)
    await OwnDataState.delete_account.fn(tab, {"word": "delete"})
    assert tab.ended
    assert JobName.DELETE_ACCOUNT in {job.name for job in sent}
    with pytest.raises(SignInError):
        await OwnDataState.load.fn(tab_of(student, OwnDataState))


@pytest.mark.parametrize("form", [{}, {"word": "no"}, {"word": ""}, {"word": None}])
async def test_without_the_word_nothing_happens(student, form, sent) -> None:
    tab = tab_of(student, OwnDataState)
    with pytest.raises(InvalidInputError):
        await OwnDataState.delete_account.fn(tab, form)
    assert not await is_leaving(student)
    assert (tab.ended, sent) == (False, [])


async def test_a_local_account_needs_its_password(empty_database) -> None:
    tokens, mina = await signed_in()
    tab = open_tab(OwnDataState, access=tokens.access)
    for password in ("", "wrong horse", None):
        with pytest.raises(InvalidInputError):
            await OwnDataState.delete_account.fn(
                tab, {"word": "delete", "password": password}
            )
    assert not await is_leaving(mina)
    await OwnDataState.delete_account.fn(tab, {"word": "mina", "password": "correct horse"})
    assert await is_leaving(mina)


async def test_a_visitor_can_do_nothing(empty_database) -> None:
    for event in (OwnDataState.load, OwnDataState.request_export):
        with pytest.raises(SignInError):
            await event.fn(open_tab(OwnDataState))
    with pytest.raises(SignInError):
        await OwnDataState.delete_account.fn(open_tab(OwnDataState), {"word": "delete"})
