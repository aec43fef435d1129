"""Hands letters to the host's mail server: plain text, one recipient, one way to end them.

MailError
├── LetterRefusedError   the server does not take this letter now; the others may go
├── NoSuchMailboxError   nobody gets mail under this address; asking again is no use
└── MailServerError      the server cannot be used at all; all letters wait

No failure repeats what the server said: it may hold an address.
"""

import asyncio
import re
import ssl
import unicodedata
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from studymaster.config import MailSecurity, get_settings
from studymaster.errors import UpstreamError

STEP_SECONDS: Final = 20.0
WHOLE_SECONDS: Final = 60.0
"""So long may one answer of the server take, and so long a whole letter."""

SUBJECT_LENGTH: Final = 150

PERMANENT: Final = 500
NOBODY_THERE: Final = frozenset({550, 551, 553})
NOBODY_THERE_ENHANCED: Final = re.compile(r"5\.(1\.[01236]|2\.1)\b")
"""RFC 3463: the address is wrong, or its mailbox is closed."""

ENHANCED: Final = re.compile(r"\A[245]\.\d{1,3}\.\d{1,3}\b")

JOINERS: Final = "\u200c\u200d"


class MailError(UpstreamError):
    """A letter was not taken."""


class LetterRefusedError(MailError):
    """The server does not take this letter now."""


class NoSuchMailboxError(MailError):
    """Nobody gets mail under this address."""

    temporary = False


class MailServerError(MailError):
    """The mail server is away, or does not want us."""


AWAY: Final = (
    "The mail server does not answer. Letters wait, and are tried again by themselves."
)
NOT_US: Final = (
    "The mail server does not take letters from us{code}. Check SMTP_USER, SMTP_PASSWORD, "
    "SMTP_SENDER and SMTP_SECURITY."
)
NOT_SAFE: Final = (
    "The mail server cannot prove who it is. Check SMTP_HOST, or name the authority of its "
    "certificate by SSL_CERT_FILE."
)
NOT_NOW: Final = "The mail server did not take a letter ({code}). It is tried again."
NOBODY: Final = "Nobody gets mail under this address."


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What one student gets; `switch_off` is the address that ends such letters.

    `mark` is the same when the same letter is sent again, so that a mailbox can tell.
    """

    to: str
    subject: str
    text: str
    switch_off: str
    mark: UUID
    written_at: datetime


def is_offered() -> bool:
    """Tell whether the host named a mail server."""
    return bool(get_settings().smtp_host)


async def send(letter: Letter) -> None:
    """Hand a letter to the mail server.

    Raises:
        LetterRefusedError: it does not take this letter now.
        NoSuchMailboxError: the address is none that gets mail.
        MailServerError: no letter can go.
    """
    message = compose(letter)
    try:
        async with asyncio.timeout(WHOLE_SECONDS), _connected() as client:
            await _hand_over(client, message, to=letter.to)
    except TimeoutError:
        raise MailServerError(AWAY) from None


def compose(letter: Letter) -> EmailMessage:
    """Return the letter as it goes over the wire.

    Raises:
        NoSuchMailboxError: the address is none that a letter can carry.
    """
    name, sender = parseaddr(get_settings().smtp_sender)
    message = EmailMessage(policy.SMTP)
    message["From"] = Address(_line(name), addr_spec=sender)
    try:
        message["To"] = Address(addr_spec=letter.to)
    except (MessageError, ValueError, IndexError):
        raise NoSuchMailboxError(NOBODY) from None
    message["Subject"] = _line(letter.subject)[:SUBJECT_LENGTH]
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = f"<{letter.mark}@{sender.rpartition('@')[2]}>"
    # RFC 3834: programs that answer letters leave this one alone.
    message["Auto-Submitted"] = "auto-generated"
    # RFC 8058: mail programs offer to end these letters by one press.
    message["List-Unsubscribe"] = f"<{letter.switch_off}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    text = "\n".join(_line(line, blanks=True) for line in letter.text.split("\n"))
    message.set_content(text, cte="quoted-printable")
    return message


def _line(text: str, *, blanks: bool = False) -> str:
    """Return a text without line ends, controls, and marks that turn what follows around."""
    seen = "".join(map(_visible, text))
    return seen.rstrip() if blanks else " ".join(seen.split())


def _visible(letter: str) -> str:
    if letter in JOINERS:  # they belong to words and to emoji
        return letter
    return " " if unicodedata.category(letter)[0] in "CZ" else letter


@asynccontextmanager
async def _connected() -> AsyncGenerator[SMTP]:
    """Lend a connection on which the server knows us."""
    client = _client()
    try:
        await client.connect()
    except (SMTPException, OSError) as error:
        raise MailServerError(_why_not(error)) from None
    try:
        yield client
    finally:
        await _part(client)


def _client() -> SMTP:
    settings = get_settings()
    security = settings.smtp_security
    return SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_user or None,
        password=settings.smtp_password.get_secret_value() or None,
        local_hostname=urlsplit(settings.public_url).hostname or "localhost",
        timeout=STEP_SECONDS,
        use_tls=security is MailSecurity.TLS,
        start_tls=security is MailSecurity.STARTTLS,
        tls_context=(
            None if security is MailSecurity.NONE else ssl.create_default_context()
        ),
    )


def _why_not(error: Exception) -> str:
    """Return what the host is told about a server that lets us in no further."""
    if _is_about_trust(error):
        return NOT_SAFE
    if isinstance(error, OSError):  # not reached, too slow, or gone
        return AWAY
    if not isinstance(error, SMTPResponseException):
        return NOT_US.format(code="")
    return AWAY if error.code < PERMANENT else NOT_US.format(code=f" (code {error.code})")


def _is_about_trust(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


async def _part(client: SMTP) -> None:
    # What was taken stays taken, however badly the server says good-bye.
    try:
        await client.quit()
    except (SMTPException, OSError):
        client.close()


async def _hand_over(client: SMTP, message: EmailMessage, *, to: str) -> None:
    try:
        await client.send_message(message, recipients=[to])
    except SMTPRecipientsRefused as error:
        refused = error.recipients[0]
        raise _refusal(refused.code, refused.message, at_the_address=True) from None
    except SMTPNotSupported:  # letters in an address that this server cannot write
        raise NoSuchMailboxError(NOBODY) from None
    except SMTPSenderRefused as error:
        raise MailServerError(_why_not(error)) from None
    except SMTPResponseException as error:
        raise _refusal(error.code, error.message, at_the_address=False) from None
    except (SMTPException, OSError):
        raise MailServerError(AWAY) from None


def _refusal(code: int, said: str, *, at_the_address: bool) -> MailError:
    """Return what a refusal means, by its code and the finer one of RFC 3463.

    550 alone says at a recipient that there is nobody; with 5.7.x it is a rule of the server
    that the host has to settle, and no fault of the student's address.
    """
    finer = ENHANCED.match(said)
    if finer:
        nobody = bool(NOBODY_THERE_ENHANCED.match(finer.group()))
    else:
        nobody = at_the_address and code in NOBODY_THERE
    if nobody and code >= PERMANENT:
        return NoSuchMailboxError(NOBODY)
    return LetterRefusedError(NOT_NOW.format(code=code))
