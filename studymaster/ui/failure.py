"""How a failed event looks to the person who caused it."""

import structlog
from reflex.event import EventSpec

from studymaster.errors import SignInError, StudyMasterError
from studymaster.ui import notice
from studymaster.ui.session import to_sign_in

log = structlog.get_logger(__name__)

BROKEN = "Something broke on our side. Your work up to here is safe; try again."


def show(exception: Exception) -> EventSpec:
    """Say an expected failure's sentence, lead a signed-out visitor to sign in, log the rest.

    Reflex calls it with the keyword `exception`, so the parameter must keep that name.
    """
    if isinstance(exception, SignInError):
        return to_sign_in()
    if isinstance(exception, StudyMasterError):
        return notice.notify(exception.message, "error")
    log.error("event_failed", exc_info=exception)
    return notice.notify(BROKEN, "error")
