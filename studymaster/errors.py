"""Failures a person may see. Each carries its sentence and its HTTP status.

StudyMasterError
├── InvalidInputError     422  what was sent cannot be used as it is
├── SignInError           401  nobody is signed in, or the proof was wrong
├── NotFoundError         404  it is not there, or not yours
├── ConflictError         409  it cannot be done in this state
├── TooManyRequestsError  429  too often in a minute (`retry_after_s` says when again)
└── UpstreamError         503  Moodle, the model or the store did not answer as hoped
    (`temporary` says whether the same request may work later)
"""

from http import HTTPStatus


class StudyMasterError(Exception):
    """Base of every expected failure; anything else is a bug."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(self, message: str) -> None:
        """Keep the sentence shown to the person."""
        super().__init__(message)
        self.message = message


class InvalidInputError(StudyMasterError):
    """What was sent cannot be used as it is."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class SignInError(StudyMasterError):
    """Nobody is signed in, or the proof of who it is was wrong."""

    status = HTTPStatus.UNAUTHORIZED


class NotFoundError(StudyMasterError):
    """It is not there, or it belongs to someone else: the two look the same."""

    status = HTTPStatus.NOT_FOUND


class ConflictError(StudyMasterError):
    """The request is well formed but the current state refuses it."""

    status = HTTPStatus.CONFLICT


class TooManyRequestsError(StudyMasterError):
    """Too often in a short time; the same request works after `retry_after_s` seconds."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, message: str, retry_after_s: int) -> None:
        """Keep when to try again besides the sentence."""
        super().__init__(message)
        self.retry_after_s = retry_after_s


class UpstreamError(StudyMasterError):
    """A service we depend on failed."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    temporary = True
