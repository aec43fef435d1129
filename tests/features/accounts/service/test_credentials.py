"""Changing one's name, e-mail address and password, and who can."""

import asyncio

import pytest

from studymaster.adapters import bus
from studymaster.adapters.bus import News, Topic
from studymaster.adapters.database import unit_of_work
from studymaster.errors import InvalidInputError, SignInError
from studymaster.features.accounts import service
from studymaster.features.accounts.rules.fields import FieldError, TakenError
from studymaster.features.accounts.schemas import Student
from studymaster.jobs import JobName
from studymaster.models import Account
from tests.conftest import NOON
from tests.features.accounts.test_state import signed_in

PASSWORD = "correct horse"
"""What tests.features.accounts.test_state signs up with."""


@pytest.fixture
async def mina(empty_database) -> Student:
    _, student = await signed_in("mina")
    return student


async def account_of(student: Student) -> Account:
    async with unit_of_work() as work:
        return await service.get_account(work, student.account_id)


async def prove(student: Student, password: object = PASSWORD) -> str:
    return await service.prove_current(await account_of(student), password=password)


async def move(student: Student, email: object, *, proven: str) -> None:
    async with unit_of_work() as work:
        await service.change_email(
            work, account_id=student.account_id, email=email, proven=proven
        )


async def rename(student: Student, name: object) -> None:
    async with unit_of_work() as work:
        await service.change_name(work, account_id=student.account_id, name=name)


async def secure(student: Student, password: object, *, proven: str) -> None:
    chosen = await service.hash_chosen_password(password)
    async with unit_of_work() as work:
        await service.change_password(
            work, student=student, password_hash=chosen, proven=proven, now=NOON
        )


async def who(student: Student) -> Student | None:
    async with unit_of_work() as work:
        return await service.student_of_session(
            work, account_id=student.account_id, session_id=student.session_id, now=NOON
        )


async def opens(email: str, password: str) -> bool:
    async with unit_of_work() as work:
        account = await service.find_local_account(work, email=email)
    try:
        await service.prove_password(account, password=password)
    except SignInError:
        return False
    return True


async def sign_in_again(student: Student) -> Student:
    account = await account_of(student)
    async with unit_of_work() as work:
        tokens = await service.start_session(work, account=account, user_agent="", now=NOON)
    async with unit_of_work() as work:
        other = await service.student_of_tokens(
            work, access_token=tokens.access, refresh_token="", now=NOON
        )
    assert other is not None
    return other


class TestName:
    async def test_it_is_seen_at_once_where_the_student_is_signed_in(self, student) -> None:
        assert await who(student) == student
        await rename(student, "  Mina \n Laine ")
        seen = await who(student)
        assert seen is not None
        assert seen.display_name == "Mina Laine"

    @pytest.mark.parametrize(
        "name",
        ["<b>Mina</b> & Co", "x" * 120, "می‌نا", "Mina 👩‍🔬", "李娜", "O'Neil-Ávila"],
    )
    async def test_it_is_kept_as_it_was_typed(self, student, name) -> None:
        await rename(student, name)
        assert (await account_of(student)).display_name == name

    async def test_the_leaderboard_is_counted_anew(self, student, sent) -> None:
        await rename(student, "Mina Laine")
        assert [job.name for job in sent] == [JobName.REFRESH_LEADERBOARD]

    async def test_the_frame_of_every_open_tab_looks_again(
        self, student, monkeypatch
    ) -> None:
        heard: list[News] = []

        async def hear(*news: News) -> None:
            heard.extend(news)

        monkeypatch.setattr(bus, "publish", hear)
        await rename(student, "Mina Laine")
        mine = str(student.account_id)
        assert (Topic.NOTIFICATIONS, mine) in [(one.topic, one.account_id) for one in heard]

    @pytest.mark.parametrize(
        "name",
        [
            *("", "  ", "\x00", "x" * 121, "a\u202eb", "\ud800", None, 7, ["Mina"]),
            *("\u200b\u200d", "\ufeff", "\u3164", "\u2800", "Mi\x07na", "Mi\u200bna"),
        ],
    )
    async def test_a_name_that_nobody_can_read_is_refused(self, student, name) -> None:
        with pytest.raises(FieldError) as caught:
            await rename(student, name)
        assert caught.value.field == "display_name"
        assert (await account_of(student)).display_name == "Mina Aalto"


class TestProof:
    async def test_the_right_password_proves_it(self, mina) -> None:
        assert await prove(mina) == (await account_of(mina)).password_hash

    @pytest.mark.parametrize(
        "password", ["", "wrong horse!", None, 7, "\ud800", "\x00", PASSWORD + " "]
    )
    async def test_anything_else_does_not(self, mina, password) -> None:
        with pytest.raises(FieldError, match="not your password") as caught:
            await prove(mina, password)
        assert caught.value.field == "current_password"

    async def test_without_a_local_account_there_is_nothing_to_prove(self, student) -> None:
        with pytest.raises(InvalidInputError, match="sign in with Moodle"):
            await prove(student)


class TestEmail:
    async def test_the_new_address_signs_in_and_the_old_one_does_not(self, mina) -> None:
        await move(mina, " Mina.Laine@Uni.EDU ", proven=await prove(mina))
        assert await opens("mina.laine@uni.edu", PASSWORD)
        assert not await opens("mina@uni.edu", PASSWORD)

    async def test_ones_own_address_can_stay(self, mina) -> None:
        await move(mina, "mina@uni.edu", proven=await prove(mina))
        assert (await account_of(mina)).email == "mina@uni.edu"

    async def test_anothers_address_is_refused(self, mina) -> None:
        await signed_in("jonas")
        with pytest.raises(TakenError) as caught:
            await move(mina, "JONAS@uni.edu", proven=await prove(mina))
        assert caught.value.field == "email"
        assert (await account_of(mina)).email == "mina@uni.edu"

    @pytest.mark.parametrize("email", ["", "mina", "a@b", "\ud800@uni.edu", None, 7])
    async def test_what_is_no_address_is_refused(self, mina, email) -> None:
        with pytest.raises(FieldError) as caught:
            await move(mina, email, proven=await prove(mina))
        assert caught.value.field == "email"

    async def test_of_two_who_want_one_address_at_once_one_gets_it(self, mina) -> None:
        _, jonas = await signed_in("jonas")
        proofs = [(one, await prove(one)) for one in (mina, jonas)]
        moves = [move(one, "both@uni.edu", proven=proof) for one, proof in proofs]
        results = await asyncio.gather(*moves, return_exceptions=True)
        assert sorted(type(one).__name__ for one in results) == ["NoneType", "TakenError"]


class TestPassword:
    async def test_the_new_one_opens_and_the_old_one_does_not(self, mina) -> None:
        await secure(mina, "battery staple", proven=await prove(mina))
        assert await opens("mina@uni.edu", "battery staple")
        assert not await opens("mina@uni.edu", PASSWORD)

    async def test_every_other_session_ends_and_this_one_stays(self, mina) -> None:
        elsewhere = await sign_in_again(mina)
        assert await who(elsewhere)
        await secure(mina, "battery staple", proven=await prove(mina))
        assert await who(mina) is not None
        assert await who(elsewhere) is None

    async def test_another_student_stays_signed_in(self, mina) -> None:
        _, jonas = await signed_in("jonas")
        await secure(mina, "battery staple", proven=await prove(mina))
        assert await who(jonas) is not None

    @pytest.mark.parametrize(
        "password", ["", "short", "x" * 201, "battery\x00staple", "\ud800" * 12, None, 7]
    )
    async def test_one_that_is_not_worth_having_is_refused(self, password) -> None:
        with pytest.raises(FieldError) as caught:
            await service.hash_chosen_password(password)
        assert caught.value.field == "new_password"

    async def test_of_two_changes_at_once_the_second_is_told(self, mina) -> None:
        proof = await prove(mina)
        results = await asyncio.gather(
            *(secure(mina, f"battery staple {one}", proven=proof) for one in (1, 2)),
            return_exceptions=True,
        )
        assert sorted(type(one).__name__ for one in results) == [
            "ConflictError",
            "NoneType",
        ]
