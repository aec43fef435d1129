"""A letter arrives whole or fails by its name, and nothing in it can become a header."""

import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from pathlib import Path
from uuid import UUID

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from studymaster.adapters import mail
from studymaster.adapters.mail import (
    Letter,
    LetterRefusedError,
    MailError,
    MailServerError,
    NoSuchMailboxError,
)
from studymaster.config import get_settings
from tests.conftest import NOON
from tests.post_office import PASSWORD, USER, PostOffice, open_post, settings_of

MINA = "mina@example.edu"
OFF = "https://study.example.edu/off?token=abc"
HEADERS = {
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "auto-submitted",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "content-type",
    "content-transfer-encoding",
    "mime-version",
}


def letter(to: str = MINA, subject: str = "New in Biology", text: str = "Hello") -> Letter:
    return Letter(
        to=to,
        subject=subject,
        text=text,
        switch_off=OFF,
        mark=UUID(int=7),
        written_at=NOON,
    )


@pytest.fixture
def use(monkeypatch):
    """Name a mail server in the settings."""

    def name(settings: dict[str, str]) -> None:
        for key, value in settings.items():
            monkeypatch.setenv(key, value)
        get_settings.cache_clear()

    yield name
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture
async def office(use) -> AsyncGenerator[PostOffice]:
    async with open_post() as opened:
        use(settings_of(opened))
        yield opened


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch) -> None:
    """Have this machine trust the authority that the tests made."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


@asynccontextmanager
async def locked(
    authority: trustme.CA,
    use,
    way: str,
    *,
    name: str = "127.0.0.1",
    password: str = PASSWORD,
) -> AsyncGenerator[PostOffice]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    async with open_post(**{way: context}) as office:
        who = {"SMTP_USER": USER, "SMTP_PASSWORD": password}
        use(settings_of(office, security=way) | who)
        yield office


class TestArriving:
    async def test_a_letter_arrives_with_what_mail_programs_ask_for(self, office) -> None:
        text = "Übung 3 is here.\n\n. a dot\nFrom the start\n" + "x" * 3000
        await mail.send(letter(subject="Neu in Biologie: Zellen 🧬", text=text))
        (came,) = office.letters
        assert office.recipients == [MINA]
        assert came["to"] == MINA
        assert came["from"] == "StudyMaster <studymaster@example.edu>"
        assert came["subject"] == "Neu in Biologie: Zellen 🧬"
        assert came["date"].datetime == NOON
        assert came["message-id"] == f"<{UUID(int=7)}@example.edu>"
        assert came["auto-submitted"] == "auto-generated"
        assert came["list-unsubscribe"] == f"<{OFF}>"
        assert came["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
        assert came.get_content_type() == "text/plain"
        assert came.get_content().replace("\r\n", "\n") == text + "\n"
        assert max(map(len, office.raw[0].split(b"\r\n"))) <= 998

    @pytest.mark.parametrize("way", ["tls", "starttls"])
    async def test_it_goes_over_a_locked_way(self, authority, trusted, use, way) -> None:
        async with locked(authority, use, way) as office:
            await mail.send(letter())
        assert (office.recipients, office.was_locked) == ([MINA], [True])

    async def test_without_a_server_nothing_is_offered(self, use) -> None:
        assert not mail.is_offered()
        use({"SMTP_HOST": "post.example.edu"})
        assert mail.is_offered()


class TestFailures:
    @pytest.mark.parametrize("way", ["tls", "starttls"])
    async def test_a_wrong_password_is_the_hosts_to_settle(
        self, authority, trusted, use, way
    ) -> None:
        async with locked(authority, use, way, password="guessed") as office:
            with pytest.raises(MailServerError, match=r"code 535.*SMTP_PASSWORD") as caught:
                await mail.send(letter())
        assert office.letters == []
        assert "guessed" not in str(caught.value)

    @pytest.mark.parametrize("way", ["tls", "starttls"])
    async def test_a_stranger_gets_neither_password_nor_letter(
        self, authority, use, way
    ) -> None:
        async with locked(authority, use, way) as office:
            with pytest.raises(MailServerError, match="cannot prove who it is"):
                await mail.send(letter())
        assert office.asked == 0

    async def test_a_certificate_for_another_name_does_not_do(
        self, authority, trusted, use
    ) -> None:
        async with locked(authority, use, "tls", name="other.example.edu"):
            with pytest.raises(MailServerError, match="cannot prove who it is"):
                await mail.send(letter())

    async def test_a_server_that_cannot_lock_gets_nothing(self, office, use) -> None:
        use({"SMTP_SECURITY": "starttls"})
        with pytest.raises(MailServerError, match="SMTP_SECURITY"):
            await mail.send(letter())
        assert office.asked == 0

    async def test_a_server_that_is_away_may_come_back(self, use) -> None:
        async with open_post() as office:
            use(settings_of(office))
        with pytest.raises(MailServerError, match="does not answer") as caught:
            await mail.send(letter())
        assert caught.value.temporary

    @pytest.mark.parametrize(
        ("step", "reply", "kind"),
        [
            ("MAIL", "451 4.3.0 Later", MailServerError),
            ("MAIL", "553 5.7.1 Not from you", MailServerError),
            ("RCPT", "550 5.1.1 <mina@example.edu> Nobody here", NoSuchMailboxError),
            ("RCPT", "550 No such user", NoSuchMailboxError),
            ("RCPT", "551 Moved", NoSuchMailboxError),
            ("RCPT", "550 5.2.1 Closed", NoSuchMailboxError),
            ("RCPT", "550 5.1.10 Null MX", LetterRefusedError),
            ("RCPT", "550 5.7.1 We do not relay", LetterRefusedError),
            ("RCPT", "554 5.7.1 Relay access denied", LetterRefusedError),
            ("RCPT", "552 5.2.2 Full", LetterRefusedError),
            ("RCPT", "450 4.2.0 Greylisted", LetterRefusedError),
            ("RCPT", "450 4.1.1 Not known yet", LetterRefusedError),
            ("DATA", "554 5.7.1 Looks like spam", LetterRefusedError),
            ("DATA", "550 Looks like spam", LetterRefusedError),
            ("DATA", "550 5.1.1 Nobody here", NoSuchMailboxError),
            ("DATA", "451 Try again", LetterRefusedError),
        ],
    )
    async def test_each_refusal_is_told_apart(
        self, office, step, reply: str, kind: type[MailError]
    ) -> None:
        office.answers[step] = reply
        with pytest.raises(MailError) as caught:
            await mail.send(letter())
        assert type(caught.value) is kind
        assert office.letters == []

    @pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
    async def test_what_the_server_said_is_repeated_nowhere(self, office, step) -> None:
        office.answers[step] = f"550 5.7.1 {MINA} is not welcome"
        with pytest.raises(MailError) as caught:
            await mail.send(letter())
        assert MINA not in str(caught.value)
        assert caught.value.__suppress_context__

    @pytest.mark.parametrize(
        "address",
        ["a,b@example.edu", '"<>@example.edu', "a b@x.y", "a\nb@x.y", "x", "", "é@x.y"],
    )
    async def test_an_address_that_no_letter_can_carry_is_none(
        self, office, address: str
    ) -> None:
        with pytest.raises(NoSuchMailboxError):
            await mail.send(letter(to=address))
        assert office.letters == []


LETTERS = st.characters(exclude_categories=()) | st.sampled_from(
    ["\r", "\n", "\x00", "\x85", "\u2028", "\u202e", "\ud800", "\x0b", "\x1c", "\t", ":"]
)
WORDS = st.text(LETTERS, max_size=400)


@pytest.fixture
def sender(use) -> None:
    use({"SMTP_SENDER": "StudyMaster <studymaster@example.edu>"})


class TestWords:
    @pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028", "\x85", "\x0b", "\x00"])
    def test_no_title_becomes_a_header(self, sender, end: str) -> None:
        made = mail.compose(letter(subject=f"Hello{end}Bcc: all@example.edu{end}{end}<b>"))
        read = message_from_bytes(made.as_bytes(), policy=policy.default)
        assert {name.lower() for name in read} == HEADERS
        assert read["subject"] == "Hello Bcc: all@example.edu <b>"

    def test_marks_that_turn_text_around_are_left_out(self, sender) -> None:
        made = mail.compose(letter(subject="gpj\u202e.exe", text="a\u2066b 👩‍🎓"))
        assert made["subject"] == "gpj .exe"
        assert made.get_content() == "a b 👩‍🎓\n"

    def test_whatever_is_written_only_our_headers_leave(self, sender) -> None:
        @given(WORDS, WORDS)
        def holds(subject: str, text: str) -> None:
            made = mail.compose(letter(subject=subject, text=text)).as_bytes()
            head, _, body = made.partition(b"\r\n\r\n")
            names = [
                line.split(b":")[0] for line in head.split(b"\r\n") if line[:1] not in b" "
            ]
            assert sorted(name.decode().lower() for name in names) == sorted(HEADERS)
            assert made.isascii()
            assert b"\0" not in made
            assert made.count(b"\n") == made.count(b"\r") == made.count(b"\r\n")
            assert max(map(len, body.split(b"\r\n"))) <= 78

        holds()
