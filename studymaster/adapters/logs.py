"""How the product writes its own log: events with fields, one line each."""

import logging

import structlog
from structlog.typing import Processor

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
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *(FOR_PEOPLE if readable else FOR_MACHINES),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
