"""Whoever wants it gets what is unread by e-mail: together, once, and not too often."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlmodel import col, update
from structlog.testing import capture_logs

from studymaster.adapters import clock, mail
from studymaster.adapters.database import unit_of_work
from studymaster.adapters.mail import MailServerError
from studymaster.config import get_settings
from studymaster.features.accounts import service as accounts
from studymaster.features.accounts.schemas import Student
from studymaster.features.notifications import rules, service
from studymaster.models import Account
from tests.conftest import NOON
from tests.features.notifications.telling import inbox, tell
from tests.jobs import carry_out
from tests.post_office import PostOffice, open_post, settings_of
from tests.workers.told import host_was_told
from workers.mail import mail_notices

SOON = NOON + rules.SETTLING
Set = Callable[[dict[str, str]], None]


@pytest.fixture
def use(monkeypatch) -> Set:
    def name(settings: dict[str, str]) -> None:
        for key, value in settings.items():
            monkeypatch.setenv(key, value)
        get_settings.cache_clear()

    return name


@pytest.fixture
async def office(use) -> AsyncGenerator[PostOffice]:
    async with open_post() as opened:
        use(settings_of(opened))
        yield opened
    get_settings.cache_clear()


@pytest.fixture
def send_at(monkeypatch):
    """Run the job at a moment."""

    async def run(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)
        await carry_out(mail_notices)

    return run


async def give_address(student: Student, address: str) -> None:
    async with unit_of_work() as work:
        statement = update(Account).where(col(Account.id) == student.account_id)
        await work.session.exec(statement.values(email=address))


async def want_mail(student: Student, address: str) -> None:
    await give_address(student, address)
    await choose(student, on=True)


async def choose(student: Student, *, on: bool) -> None:
    async with unit_of_work() as work:
        await accounts.choose_mail(work, account_id=student.account_id, on=on)


async def wants(student: Student) -> bool:
    async with unit_of_work() as work:
        chosen = await accounts.preferences(work, account_id=student.account_id)
    return chosen.notify_by_email


@pytest.fixture
async def mina(student: Student, office: PostOffice) -> Student:
    """Mina, who wants mail."""
    await want_mail(student, "mina@example.edu")
    return student


@pytest.fixture
async def jonas(other_student: Student, office: PostOffice) -> Student:
    """Jonas, who wants mail too."""
    await want_mail(other_student, "jonas@example.edu")
    return other_student


def words(letter: EmailMessage) -> str:
    return letter.get_content().replace("\r\n", "\n")


class TestDigest:
    async def test_all_that_is_unread_comes_in_one_mail_newest_first(
        self, mina, office, send_at
    ) -> None:
        for number in range(3):
            moment = NOON + timedelta(seconds=number)
            await tell(mina, f"c:{number}", title=f"Lecture {number} is new", now=moment)
        await send_at(SOON)
        (letter,) = office.letters
        assert office.recipients == ["mina@example.edu"]
        assert letter["subject"] == "Lecture 2 is new and 2 more"
        assert re.findall(r"\* (.*)\n  (.*)", words(letter)) == [
            (f"Lecture {number} is new", "http://testserver/focus") for number in (2, 1, 0)
        ]

    async def test_what_was_read_meanwhile_is_not_sent(self, mina, office, send_at) -> None:
        await tell(mina)
        async with unit_of_work() as work:
            await service.mark_all_read(work, account_id=mina.account_id, now=NOON)
        await send_at(SOON)
        assert office.letters == []

    async def test_a_notice_waits_for_those_that_belong_to_it(
        self, mina, office, send_at
    ) -> None:
        await tell(mina)
        await send_at(SOON - timedelta(seconds=1))
        assert office.letters == []
        await send_at(SOON)
        assert len(office.letters) == 1

    async def test_the_next_mail_comes_a_quarter_of_an_hour_later_at_the_earliest(
        self, mina, office, send_at
    ) -> None:
        await tell(mina, "c:1", title="First")
        await send_at(SOON)
        await tell(mina, "c:2", title="Second", now=SOON)
        await tell(mina, "c:3", title="Third", now=SOON + timedelta(minutes=14))
        await send_at(SOON + rules.WINDOW - timedelta(seconds=1))
        assert len(office.letters) == 1
        await send_at(SOON + rules.WINDOW)
        assert [letter["subject"] for letter in office.letters] == [
            "First",
            "Third and 1 more",
        ]
        assert office.letters[0]["message-id"] != office.letters[1]["message-id"]

    async def test_nothing_is_sent_a_second_time(self, mina, office, send_at) -> None:
        await tell(mina)
        for minutes in (2, 20, 60, 2000):
            await send_at(NOON + timedelta(minutes=minutes))
        assert len(office.letters) == 1

    async def test_two_workers_at_once_send_one(self, mina, jonas, office, send_at) -> None:
        for student in (mina, jonas):
            await tell(student)
        await asyncio.gather(*(send_at(SOON) for _ in range(4)))
        assert sorted(office.recipients) == ["jonas@example.edu", "mina@example.edu"]

    async def test_very_many_are_counted_instead_of_written_out(
        self, mina, office, send_at
    ) -> None:
        for number in range(rules.SHOWN + 5):
            await tell(mina, f"c:{number}")
        await send_at(SOON)
        text = words(office.letters[0])
        assert text.count("* Your session is over") == rules.SHOWN
        assert "And 5 more: http://testserver/notifications" in text


class TestWhoGetsMail:
    async def test_nobody_who_did_not_ask(
        self, mina, other_student, office, send_at
    ) -> None:
        await give_address(other_student, "jonas@example.edu")
        for student in (mina, other_student):
            await tell(student)
        await send_at(SOON)
        assert office.recipients == ["mina@example.edu"]

    async def test_nobody_sees_anothers(self, mina, jonas, office, send_at) -> None:
        await tell(mina, title="Mina's own")
        await tell(jonas, title="For Jonas")
        await send_at(SOON)
        told = {letter["to"]: words(letter) for letter in office.letters}
        assert "Mina's own" not in told["jonas@example.edu"]
        assert "For Jonas" not in told["mina@example.edu"]

    async def test_what_was_there_before_it_was_asked_for_is_not_sent(
        self, student, office, send_at
    ) -> None:
        await tell(student, "old", title="Old")
        await want_mail(student, "mina@example.edu")
        await choose(student, on=True)
        await tell(student, "new", title="New")
        await choose(student, on=True)
        await send_at(SOON)
        assert [letter["subject"] for letter in office.letters] == ["New"]

    async def test_nobody_who_switched_it_off_has_no_address_or_leaves(
        self, mina, office, send_at
    ) -> None:
        await tell(mina)
        account = update(Account).where(col(Account.id) == mina.account_id)
        for values, back in (
            ({"email": None}, {"email": "mina@example.edu"}),
            ({"deleting_since": NOON}, {"deleting_since": None}),
        ):
            async with unit_of_work() as work:
                await work.session.exec(account.values(values))
            await send_at(SOON)
            async with unit_of_work() as work:
                await work.session.exec(account.values(back))
        await choose(mina, on=False)
        await send_at(SOON)
        assert office.letters == []

    async def test_a_host_without_a_mail_server_sends_none(
        self, mina, office, use, send_at
    ) -> None:
        await tell(mina)
        use({"SMTP_HOST": ""})
        await send_at(SOON)
        assert office.letters == []


class TestFailure:
    async def test_a_server_that_is_away_is_asked_ever_less_often_and_nothing_is_lost(
        self, mina, office, use, send_at
    ) -> None:
        await tell(mina)
        office.answers["MAIL"] = "451 4.3.0 Later"
        tried = []
        for minutes in range(2, 300):
            try:
                await send_at(NOON + timedelta(minutes=minutes))
            except MailServerError:
                tried.append(minutes)
        assert tried == [2, 17, 47, 107, 167, 227, 287]
        office.answers.clear()
        await send_at(NOON + timedelta(minutes=400))
        await send_at(NOON + timedelta(minutes=800))
        assert office.recipients == ["mina@example.edu"]

    async def test_a_server_that_is_away_is_asked_once_for_all(
        self, mina, jonas, office, send_at
    ) -> None:
        for student in (mina, jonas):
            await tell(student)
        office.answers["MAIL"] = "530 5.7.0 Who are you"
        with pytest.raises(MailServerError, match="code 530"):
            await send_at(SOON)
        await send_at(SOON + timedelta(minutes=14))
        assert office.asked == 1
        office.answers.clear()
        await send_at(SOON + timedelta(minutes=15))
        assert sorted(office.recipients) == ["jonas@example.edu", "mina@example.edu"]

    async def test_a_letter_that_is_refused_for_now_waits_up_to_a_day(
        self, mina, jonas, office, send_at
    ) -> None:
        for student in (mina, jonas):
            await tell(student)
        office.answers["mina@example.edu"] = "450 4.2.0 Greylisted"
        tried, asked = [], 0
        for hours in range(80):
            await send_at(SOON + timedelta(hours=hours))
            if office.asked > asked:
                tried.append(hours)
            asked = office.asked
        assert tried == [0, 1, 2, 3, 5, 9, 17, 33, 57]
        assert office.recipients == ["jonas@example.edu"]
        assert await wants(mina)
        office.answers.clear()
        await send_at(SOON + timedelta(hours=81))
        assert office.recipients == ["jonas@example.edu", "mina@example.edu"]

    async def test_an_address_that_takes_none_ends_it_and_the_student_is_told(
        self, mina, jonas, office, send_at
    ) -> None:
        for student in (mina, jonas):
            await tell(student)
        office.answers["mina@example.edu"] = "550 5.1.1 Nobody here"
        await send_at(SOON)
        assert (await wants(mina), await wants(jonas)) == (False, True)
        assert "Your e-mail address does not take our mail" in [
            item.title for item in await inbox(mina)
        ]
        assert len(await inbox(jonas)) == 1
        assert office.recipients == ["jonas@example.edu"]
        await send_at(SOON + timedelta(days=2))
        assert office.asked == 2

    async def test_a_rule_of_the_server_ends_nobodys_mail(
        self, mina, office, send_at
    ) -> None:
        await tell(mina)
        office.answers["RCPT"] = "550 5.7.1 We do not relay"
        await send_at(SOON)
        assert await wants(mina)

    async def test_a_worker_that_dies_after_sending_makes_one_duplicate_that_says_so(
        self, mina, office, send_at, monkeypatch
    ) -> None:
        await tell(mina)
        send = mail.send

        async def die_after(letter: mail.Letter) -> None:
            await send(letter)
            raise KeyboardInterrupt

        with monkeypatch.context() as dying:
            dying.setattr(mail, "send", die_after)
            with pytest.raises(KeyboardInterrupt):
                await send_at(SOON)
        for minutes in (5, 14, 15, 40, 90):
            await send_at(SOON + timedelta(minutes=minutes))
        first, second = office.letters
        assert first["message-id"] == second["message-id"]

    async def test_an_address_that_changed_meanwhile_keeps_its_mail(
        self, mina, office, send_at, monkeypatch
    ) -> None:
        await tell(mina)
        office.answers["mina@example.edu"] = "550 5.1.1 Nobody here"
        send = mail.send

        async def move_first(letter: mail.Letter) -> None:
            await give_address(mina, "mina@new.example.edu")
            await send(letter)

        monkeypatch.setattr(mail, "send", move_first)
        await send_at(SOON)
        assert await wants(mina)
        await send_at(SOON + rules.WINDOW)
        assert office.recipients == ["mina@new.example.edu"]

    @pytest.mark.parametrize(
        "reply", [None, "550 5.1.1 Nobody", "450 Later", "550 5.7.1 No"]
    )
    async def test_the_log_names_neither_addresses_nor_words(
        self, mina, office, send_at, caplog, reply: str | None
    ) -> None:
        await tell(mina, title="Private words")
        if reply:
            office.answers["RCPT"] = f"{reply} mina@example.edu"
        with capture_logs() as lines:
            await send_at(SOON)
        assert lines
        ours = [
            record.getMessage() for record in caplog.records if record.name != "mail.log"
        ]
        for said in (str(lines), str(ours), str(await host_was_told())):
            assert "mina@" not in said
            assert "Private" not in said
