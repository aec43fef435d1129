"""A mail server on a port of its own, which keeps what it takes and refuses as it is told."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

OK = "250 2.0.0 Taken"
USER, PASSWORD = "studymaster", "the host's own"


@dataclass
class PostOffice:
    """What came, to whom, and what is answered instead of taking it.

    `answers` has a reply for a step (MAIL, RCPT, DATA) or for one address; `asked` counts
    the letters that were begun.
    """

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict[str, str])
    letters: list[EmailMessage] = field(default_factory=list[EmailMessage])
    raw: list[bytes] = field(default_factory=list[bytes])
    recipients: list[str] = field(default_factory=list[str])
    was_locked: list[bool] = field(default_factory=list[bool])
    asked: int = 0

    async def handle_MAIL(  # noqa: N802 - aiosmtpd asks for this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options
    ) -> str:
        self.asked += 1
        if reply := self.answers.get("MAIL"):
            return reply
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return OK

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options
    ) -> str:
        if reply := self.answers.get("RCPT") or self.answers.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if reply := self.answers.get("DATA"):
            return reply
        content = cast("bytes", envelope.content)
        self.raw.append(content)
        letter = message_from_bytes(content, policy=policy.default)
        self.letters.append(cast("EmailMessage", letter))
        self.recipients += cast("list[str]", envelope.rcpt_tos)
        self.was_locked.append(_is_locked(server))
        return OK


def _is_locked(server: SMTP) -> bool:
    transport = server.transport
    return transport is not None and transport.get_extra_info("sslcontext") is not None


def _knows(_server: SMTP, _session: Session, _envelope, _how: str, data: Any) -> AuthResult:
    fits = data == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=fits, handled=False)


@asynccontextmanager
async def open_post(
    *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None
) -> AsyncGenerator[PostOffice]:
    """Serve mail on a free port; one that is locked asks who is there."""
    office = PostOffice()
    is_locked = bool(tls or starttls)

    def serve() -> SMTP:
        return SMTP(
            office,
            hostname="post.example.edu",
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=_knows,
            auth_required=is_locked,
            auth_require_tls=starttls is not None,
            enable_SMTPUTF8=False,
            loop=asyncio.get_running_loop(),
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(serve, "127.0.0.1", 0, ssl=tls)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()
        await server.wait_closed()


def settings_of(office: PostOffice, *, security: str = "none") -> dict[str, str]:
    """Return the settings with which the product finds this server."""
    return {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(office.port),
        "SMTP_SENDER": "StudyMaster <studymaster@example.edu>",
        "SMTP_SECURITY": security,
    }
