"""How the product writes its own log: events with fields, one line each."""

import logging
from typing import cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from studymaster.config import Mode, get_settings

# Neither shows what the variables of a failed function held: cookies and tokens among them.
FOR_PEOPLE: tuple[Processor, ...] = (
    structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    ),
)
FOR_MACHINES: tuple[Processor, ...] = (
    structlog.processors.ExceptionRenderer(
        structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    ),
    structlog.processors.JSONRenderer(),
)


SECRETS = frozenset(
    [
        "authorization",
        "cookie",
        "cookies",
        "email",
        "headers",
        "jwt",
        "password",
        "payload",
        "secret",
        "secrets",
        "token",
        "tokens",
    ]
)
REMOVED = "[removed]"


def without_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Take out the values of fields whose names tell that nobody should read them."""
    return {name: _harmless(name, value) for name, value in event.items()}


def _harmless(name: str, value: object) -> object:
    words = name.lower().split("_")
    if SECRETS & set(words) or (len(words) > 1 and words[-1] in {"key", "keys"}):
        return REMOVED
    if isinstance(value, dict):
        inner = cast("dict[object, object]", value)
        return {part: _harmless(str(part), held) for part, held in inner.items()}
    return value


def configure() -> None:
    """Write JSON in production, readable lines under `make run`; from LOG_LEVEL upwards.

    An unknown level counts as INFO: a slip in a setting must not silence the log.
    """
    settings = get_settings()
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    readable = settings.studymaster_mode is Mode.EMBEDDED
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            without_secrets,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *(FOR_PEOPLE if readable else FOR_MACHINES),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
