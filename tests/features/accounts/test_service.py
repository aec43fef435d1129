import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from studymaster.adapters import vault
from studymaster.adapters.database import unit_of_work
from studymaster.errors import ConflictError, InvalidInputError, NotFoundError, SignInError
from studymaster.features.accounts import queries, service
from studymaster.features.accounts.schemas import MoodleIdentity, SessionTokens, Student
from studymaster.jobs import JobName
from studymaster.models import Account
from tests.conftest import NOON

MINA = MoodleIdentity(
    site_url="https://moodle.uni.edu",
    site_name="Uni",
    user_id=7,
    username="mina",
    full_name="Mina Aalto",
    token="0123456789abcdef",
)


async def register(email: str = "mina@uni.edu") -> SessionTokens:
    async with unit_of_work() as work:
        account = await service.register(
            work,
            email=email,
            password_hash=await service.hash_new_password("correct horse"),
            display_name="Mina",
            time_zone="Europe/Helsinki",
            now=NOON,
        )
        return await service.start_session(work, account=account, user_agent="", now=NOON)


async def enter(email: str, password: str) -> Account:
    async with unit_of_work() as work:
        account = await service.find_local_account(work, email=email)
    return await service.prove_password(account, password=password)


async def who(tokens: SessionTokens, *, now=NOON, access: bool = True) -> Student | None:
    async with unit_of_work() as work:
        return await service.student_of_tokens(
            work,
            access_token=tokens.access if access else "",
            refresh_token=tokens.refresh,
            now=now,
        )


async def renew(tokens: SessionTokens, *, now) -> SessionTokens | None:
    async with unit_of_work() as work:
        return await service.renew_session(work, refresh_token=tokens.refresh, now=now)


class TestMoodle:
    async def test_the_first_visit_makes_an_account_and_asks_for_a_sync(
        self, empty_database, sent
    ) -> None:
        async with unit_of_work() as work:
            account = await service.enter_by_moodle(
                work, identity=MINA, time_zone="Europe/Helsinki", now=NOON
            )
        assert (account.display_name, account.time_zone) == (
            "Mina Aalto",
            "Europe/Helsinki",
        )
        assert [job.name for job in sent] == [JobName.SYNC_ACCOUNT]

    async def test_the_second_visit_finds_the_same_account(self, empty_database) -> None:
        ids = set()
        for _ in range(2):
            async with unit_of_work() as work:
                account = await service.enter_by_moodle(
                    work, identity=MINA, time_zone="nowhere", now=NOON
                )
                ids.add(account.id)
        assert len(ids) == 1

    async def test_the_token_is_kept_sealed(self, empty_database) -> None:
        async with unit_of_work() as work:
            account = await service.enter_by_moodle(
                work, identity=MINA, time_zone="UTC", now=NOON
            )
            (connection,) = await queries.connections(work.session, account.id)
        assert MINA.token not in connection.sealed_token
        assert vault.unseal(connection.sealed_token) == MINA.token

    async def test_a_moodle_user_belongs_to_one_account(
        self, student, other_student
    ) -> None:
        async with unit_of_work() as work:
            await service.connect_moodle(
                work, account_id=student.account_id, identity=MINA, now=NOON
            )
        with pytest.raises(ConflictError):
            async with unit_of_work() as work:
                await service.connect_moodle(
                    work, account_id=other_student.account_id, identity=MINA, now=NOON
                )


class TestLocalAccount:
    async def test_the_right_password_opens_it(self, empty_database) -> None:
        await register()
        account = await enter(" MINA@uni.edu", "correct horse")
        assert account.display_name == "Mina"
        assert "correct horse" not in (account.password_hash or "")

    @pytest.mark.parametrize(
        ("email", "password"),
        [
            ("mina@uni.edu", "wrong horse!"),
            ("nobody@uni.edu", "correct horse"),
            ("", ""),
            ("x\x00@b.edu", "correct horse"),
        ],
    )
    async def test_anything_else_gets_one_and_the_same_sentence(
        self, empty_database, email, password
    ) -> None:
        await register()
        with pytest.raises(SignInError, match="e-mail address or the password"):
            await enter(email, password)

    async def test_an_address_is_taken_once(self, empty_database) -> None:
        await register()
        with pytest.raises(ConflictError):
            await register("Mina@Uni.edu")


class TestAtTheSameMoment:
    async def test_an_address_is_registered_once(self, empty_database) -> None:
        results = await asyncio.gather(
            *(register() for _ in range(3)), return_exceptions=True
        )
        refused = [result for result in results if isinstance(result, ConflictError)]
        assert (len(results), len(refused)) == (3, 2)

    async def test_a_moodle_user_gets_one_account(self, empty_database) -> None:
        async def enter_by_moodle() -> UUID:
            async with unit_of_work() as work:
                account = await service.enter_by_moodle(
                    work, identity=MINA, time_zone="UTC", now=NOON
                )
                return account.id

        ids = await asyncio.gather(*(enter_by_moodle() for _ in range(3)))
        assert len(set(ids)) == 1


class TestSession:
    async def test_both_cookies_say_who_is_signed_in(self, empty_database) -> None:
        tokens = await register()
        by_access, by_refresh = await who(tokens), await who(tokens, access=False)
        assert by_access == by_refresh
        assert by_access is not None
        assert by_access.display_name == "Mina"

    async def test_the_access_token_lives_fifteen_minutes(self, empty_database) -> None:
        tokens = await register()
        later = NOON + timedelta(minutes=15)
        async with unit_of_work() as work:
            gone = await service.student_of_tokens(
                work, access_token=tokens.access, refresh_token="", now=later
            )
        assert gone is None
        assert await who(tokens, now=later) is not None

    async def test_the_session_ends_after_seven_idle_days(self, empty_database) -> None:
        tokens = await register()
        assert await who(tokens, now=NOON + timedelta(days=7)) is None

    async def test_renewing_keeps_it_alive(self, empty_database) -> None:
        tokens = await register()
        renewed = await renew(tokens, now=NOON + timedelta(days=6))
        assert renewed is not None
        assert await who(renewed, now=NOON + timedelta(days=12)) is not None

    async def test_two_tabs_may_renew_at_the_same_moment(self, empty_database) -> None:
        tokens = await register()
        first = await renew(tokens, now=NOON)
        second = await renew(tokens, now=NOON + timedelta(seconds=5))
        assert first is not None
        assert second is not None
        assert await who(second) is not None

    async def test_a_lost_answer_can_be_asked_for_again_for_a_minute(
        self, empty_database
    ) -> None:
        tokens = await register()
        await renew(tokens, now=NOON)
        again = await renew(tokens, now=NOON + timedelta(seconds=60))
        assert again is not None
        assert await who(again, now=NOON + timedelta(hours=8), access=False) is not None

    async def test_a_stolen_old_token_ends_the_session(self, empty_database) -> None:
        stolen = await register()
        second = await renew(stolen, now=NOON)
        assert second is not None
        third = await renew(second, now=NOON)
        assert third is not None
        assert await renew(stolen, now=NOON) is None
        assert await who(third) is None

    async def test_an_old_refresh_token_opens_nothing(self, empty_database) -> None:
        tokens = await register()
        newer = await renew(tokens, now=NOON)
        assert newer is not None
        assert await who(newer, access=False) is not None
        assert await who(tokens, access=False) is None

    async def test_an_ended_session_is_over_at_once(self, empty_database) -> None:
        tokens = await register()
        student = await who(tokens)
        assert student is not None
        async with unit_of_work() as work:
            await service.end_session(
                work, account_id=student.account_id, session_id=student.session_id, now=NOON
            )
        assert await who(tokens) is None
        assert await renew(tokens, now=NOON) is None

    async def test_nobody_ends_another_students_session(
        self, student, other_student
    ) -> None:
        with pytest.raises(NotFoundError):
            async with unit_of_work() as work:
                await service.end_session(
                    work,
                    account_id=other_student.account_id,
                    session_id=student.session_id,
                    now=NOON,
                )

    @pytest.mark.parametrize("text", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
    async def test_a_forged_token_opens_nothing(self, empty_database, text) -> None:
        async with unit_of_work() as work:
            assert (
                await service.student_of_tokens(
                    work, access_token=text, refresh_token=text, now=NOON
                )
                is None
            )


class TestSettings:
    async def test_the_day_follows_the_chosen_zone(self, student) -> None:
        async with unit_of_work() as work:
            await service.save_day(
                work,
                account_id=student.account_id,
                time_zone="Asia/Tokyo",
                day_start_hour="5",
            )
            profile = await service.profile(work, student=student, now=NOON)
        assert (profile.time_zone, profile.day_start_hour) == ("Asia/Tokyo", 5)

    @pytest.mark.parametrize(("zone", "hour"), [("Mars/Base", "4"), ("UTC", "99")])
    async def test_nonsense_changes_nothing(self, student, zone, hour) -> None:
        with pytest.raises(InvalidInputError):
            async with unit_of_work() as work:
                await service.save_day(
                    work, account_id=student.account_id, time_zone=zone, day_start_hour=hour
                )
        async with unit_of_work() as work:
            profile = await service.profile(work, student=student, now=NOON)
        assert (profile.time_zone, profile.day_start_hour) == ("UTC", 4)

    async def test_the_theme_is_one_of_three(self, student) -> None:
        with pytest.raises(InvalidInputError):
            async with unit_of_work() as work:
                await service.save_theme(
                    work, account_id=student.account_id, theme="<script>"
                )

    async def test_the_sessions_are_listed_and_this_one_is_marked(self, student) -> None:
        async with unit_of_work() as work:
            profile = await service.profile(work, student=student, now=NOON)
        assert [(one.current, one.count) for one in profile.devices] == [(True, 1)]

    async def test_sessions_on_alike_devices_are_one_line_to_open(self, student) -> None:
        account_id = student.account_id
        phone = "Mozilla/5.0 (Linux; Android 15) Chrome/140.0"
        async with unit_of_work() as work:
            account = await service.get_account(work, account_id)
            for minutes, agent in enumerate((phone, "curl/8", phone)):
                now = NOON + timedelta(minutes=minutes)
                await service.start_session(
                    work, account=account, user_agent=agent, now=now
                )
        async with unit_of_work() as work:
            profile = await service.profile(work, student=student, now=NOON)
        assert [(one.current, one.count) for one in profile.devices] == [
            (True, 1),
            (False, 2),
            (False, 1),
        ]
        assert profile.devices[1].name == "Chrome on Android"
        assert [one.since for one in profile.devices[1].sessions] == [
            "16 Jan, 12:02",
            "16 Jan, 12:00",
        ]

    async def test_a_session_says_when_it_was_used_last(self, empty_database) -> None:
        tokens = await register()
        await renew(tokens, now=NOON + timedelta(minutes=50))
        student = await who(tokens)
        assert student is not None
        async with unit_of_work() as work:
            profile = await service.profile(work, student=student, now=NOON)
        (session,) = profile.devices[0].sessions
        assert (session.since[-5:], session.used[-5:]) == ("14:00", "14:50")

    async def test_ending_all_others_keeps_this_one_and_other_students(
        self, student, other_student
    ) -> None:
        async with unit_of_work() as work:
            account = await service.get_account(work, student.account_id)
            for _ in range(3):
                await service.start_session(work, account=account, user_agent="", now=NOON)
        async with unit_of_work() as work:
            await service.end_other_sessions(work, student=student, now=NOON)
        async with unit_of_work() as work:
            for one in (student, other_student):
                profile = await service.profile(work, student=one, now=NOON)
                assert [(row.current, row.count) for row in profile.devices] == [(True, 1)]

    async def test_an_account_that_is_gone_says_so(self, empty_database) -> None:
        with pytest.raises(NotFoundError):
            async with unit_of_work() as work:
                await service.save_theme(work, account_id=uuid4(), theme="dark")
