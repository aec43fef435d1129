"""What can go wrong between StudyMaster and a Moodle site, one name and sentence each.

MoodleError
├── about the person: WrongSignInError, TokenExpiredError, TokenRefusedError,
│   AccessRefusedError, AccountSuspendedError, PasswordChangeRequiredError,
│   PolicyNotAgreedError, NotEnrolledError, NotPermittedError
├── about the site:   MaintenanceError, UpgradeRunningError, DatabaseDownError, SiteDownError,
│   TooBusyError, ServiceDisabledError, UnreachableError, CertificateError, MovedError,
│   NotMoodleError, AddressRefusedError
├── about the answer: NotAnswerableError, UnexpectedAnswerError, RecordMissingError,
│   UnknownFunctionError, InvalidRequestError
└── about one file:   FileMissingError, FileRefusedError, FileElsewhereError, FileBrokenError,
    FileTooLargeError

`code` is ours and never changes; Moodle's own error codes are only read, here, in one table.
"""

import html
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar, Final

from studymaster.errors import InvalidInputError, UpstreamError

LOG_LENGTH = 300
SITE_INFO_FUNCTION = "core_webservice_get_site_info"
SYNC_AFTER = "Nothing is lost; sync again after that."
TRY_AFTER = "Try again after that."


class MoodleError(UpstreamError):
    """Base of every failure of a Moodle site.

    `code` names it in rows and logs, `temporary` says whether the same request may work
    later, `retry_after` is the pause in seconds that the site asked for (or None), and
    `detail` is the site's own wording: for the log, never for the screen. `connecting` is
    the sentence for somebody who has nothing there yet, where `sentence` does not fit them;
    `pause` is what is said instead where it is known until when the site asks for a pause.
    """

    code: ClassVar[str] = "moodle_failure"
    sentence: ClassVar[str] = "{host} did not answer as expected. Try again later."
    connecting: ClassVar[str] = ""
    pause: ClassVar[str] = ""
    status = HTTPStatus.BAD_GATEWAY
    temporary = False

    def __init__(
        self, host: str = "", *, detail: str = "", retry_after: int | None = None
    ) -> None:
        """Write the sentence for the site with this host name."""
        super().__init__(self.sentence.format(host=host or "Your Moodle"))
        self.host = self._name = host
        self.detail = read_plain_text(detail)
        self.retry_after = retry_after

    def reword(self, name: str = "", *, until: str = "", connecting: bool = False) -> None:
        """Say the same in words that fit who reads it.

        Args:
            name: What the site calls itself, where that is known; it is said from then on.
            until: The time of day until which it asks for a pause, where that is known.
            connecting: Whether the reader is connecting the site, and has nothing of it.
        """
        template = (self.connecting if connecting else "") or self.sentence
        if until and self.pause:
            template = f"{self.pause} {TRY_AFTER if connecting else SYNC_AFTER}"
        self._name = name or self._name
        self._say(template.format(host=self._name or "Your Moodle", until=until))

    def _say(self, words: str) -> None:
        self.message = words
        self.args = (words,)


class WrongSignInError(MoodleError):
    """The user name or password was refused (or the account is locked: Moodle never says)."""

    code = "wrong_sign_in"
    status = HTTPStatus.UNAUTHORIZED
    sentence = (
        "{host} did not accept this user name and password. Check both; after several "
        "wrong attempts Moodle locks an account for a while."
    )


class TokenExpiredError(MoodleError):
    """The token has run out or was revoked: only a new sign-in helps."""

    code = "token_expired"
    status = HTTPStatus.UNAUTHORIZED
    sentence = "Your connection to {host} has run out. Sign in to Moodle again to renew it."


class TokenRefusedError(MoodleError):
    """A token that somebody pasted opens nothing: there was no connection before."""

    code = "token_refused"
    status = HTTPStatus.UNAUTHORIZED
    sentence = (
        "{host} did not accept this token. Copy it again from Moodle, under Preferences, "
        "Security keys: the key of the mobile service."
    )


class AccessRefusedError(MoodleError):
    """The token does not reach this function or file.

    With debugging off Moodle says the same for a token in its first moment after expiry, a
    disabled service, and an address lock; `site_info()` tells expiry from the rest.
    """

    code = "access_refused"
    status = HTTPStatus.FORBIDDEN
    sentence = (
        "{host} does not let your connection read this. Sign in to Moodle again; if that "
        "changes nothing, the site does not offer it to apps."
    )


class AccountSuspendedError(MoodleError):
    """The Moodle account is suspended, closed or not confirmed."""

    code = "account_suspended"
    status = HTTPStatus.FORBIDDEN
    sentence = (
        "Your account on {host} is suspended or closed, so nothing can be read from it. "
        "Ask your university's Moodle support."
    )


class PasswordChangeRequiredError(MoodleError):
    """Moodle shows no course before the password was changed."""

    code = "password_change_required"
    status = HTTPStatus.FORBIDDEN
    sentence = (
        "{host} wants you to change your password before it shows your courses. Open Moodle "
        "in the browser, change it, then try again."
    )


class PolicyNotAgreedError(MoodleError):
    """Moodle shows no course before its site policy was accepted."""

    code = "policy_not_agreed"
    status = HTTPStatus.FORBIDDEN
    sentence = (
        "{host} wants you to agree to its site policy before it shows your courses. Open "
        "Moodle in the browser, read it, then try again."
    )


class NotEnrolledError(MoodleError):
    """The course is hidden, over, or the student is not enrolled (any more)."""

    code = "not_enrolled"
    status = HTTPStatus.FORBIDDEN
    sentence = (
        "{host} does not show you this course: it is hidden, or your enrolment has ended. "
        "What was synced before is kept."
    )


class NotPermittedError(MoodleError):
    """The account may not do this on the site."""

    code = "not_permitted"
    status = HTTPStatus.FORBIDDEN
    sentence = (
        "Your account on {host} is not permitted to do this. Ask your university's Moodle "
        "support whether students may use the Moodle app."
    )


class MaintenanceError(MoodleError):
    """The site is closed for maintenance."""

    code = "maintenance"
    temporary = True
    status = HTTPStatus.SERVICE_UNAVAILABLE
    sentence = (
        "{host} is closed for maintenance. Nothing is lost; sync again when it is back."
    )
    connecting = "{host} is closed for maintenance. Try again when it is back."
    pause = "{host} is closed for maintenance and asks for a pause until {until}."


class UpgradeRunningError(MoodleError):
    """The site is being upgraded."""

    code = "upgrade_running"
    temporary = True
    status = HTTPStatus.SERVICE_UNAVAILABLE
    sentence = "{host} is being upgraded. Nothing is lost; sync again in an hour."
    connecting = "{host} is being upgraded. Try again in an hour."


class DatabaseDownError(MoodleError):
    """The site runs, its database does not."""

    code = "database_down"
    temporary = True
    status = HTTPStatus.SERVICE_UNAVAILABLE
    sentence = (
        "{host} cannot reach its own database at the moment. Nothing is lost; sync again "
        "in a few minutes."
    )
    connecting = (
        "{host} cannot reach its own database at the moment. Try again in a few minutes."
    )


class SiteDownError(MoodleError):
    """The server in front of Moodle answers, Moodle does not."""

    code = "site_down"
    temporary = True
    status = HTTPStatus.SERVICE_UNAVAILABLE
    sentence = (
        "{host} is not working at the moment. Nothing is lost; sync again in a few minutes."
    )
    connecting = "{host} is not working at the moment. Try again in a few minutes."


class TooBusyError(MoodleError):
    """The site asks for fewer requests."""

    code = "too_busy"
    temporary = True
    status = HTTPStatus.SERVICE_UNAVAILABLE
    sentence = "{host} is busy and asks for a pause. Try again in a few minutes."
    pause = "{host} is busy and asks for a pause until {until}."


class ServiceDisabledError(MoodleError):
    """Web services, the mobile service or its protocol are switched off."""

    code = "service_disabled"
    status = HTTPStatus.FORBIDDEN
    sentence = (
        "{host} has switched off access for apps, so StudyMaster cannot read it. Only your "
        "university's Moodle support can switch it on."
    )


class UnreachableError(MoodleError):
    """No connection, or no complete answer in time."""

    code = "unreachable"
    temporary = True
    status = HTTPStatus.SERVICE_UNAVAILABLE
    sentence = (
        "{host} could not be reached, or it stopped answering. See whether it opens in your "
        "browser: it may be down for a while, or its address is another."
    )


class CertificateError(MoodleError):
    """The site could not prove its name."""

    code = "certificate"
    sentence = (
        "{host} could not prove that it is the site you asked for (its certificate is not "
        "valid), so nothing was sent. Tell your university's Moodle support."
    )


class MovedError(MoodleError):
    """The site answers under another address."""

    code = "moved"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    sentence = (
        "{host} sends apps to another address. Open Moodle in the browser and copy the "
        "address from there."
    )

    def __init__(self, host: str = "", *, address: str = "", detail: str = "") -> None:
        """Tell the right `address`, when it is one that could be used."""
        super().__init__(host, detail=detail)
        self.address = address
        self.reword()

    def reword(self, name: str = "", *, until: str = "", connecting: bool = False) -> None:
        """Tell the right address, where it is known."""
        super().reword(name, until=until, connecting=connecting)
        if self.address:
            self._say(f"{self._name} has moved. Use the address {self.address} instead.")


class NotMoodleError(MoodleError):
    """There is a web server, but no Moodle under this address."""

    code = "not_moodle"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    sentence = (
        "There is no Moodle at this address on {host}. Open Moodle in the browser and copy "
        "the address from there."
    )


class AddressRefusedError(MoodleError, InvalidInputError):
    """The address is not one that StudyMaster opens; the sentence says why."""

    code = "address_refused"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    sentence = "{host} is not an address that StudyMaster opens. Check it and try again."

    def __init__(self, message: str, *, host: str = "", detail: str = "") -> None:
        """Keep the sentence, which differs by reason."""
        super().__init__(host, detail=detail)
        self._say(message)

    def reword(
        self,
        name: str = "",
        *,
        until: str = "",
        connecting: bool = False,
    ) -> None:
        """Leave the sentence as it is: it is about the address."""


class NotAnswerableError(MoodleError):
    """The answer is not Moodle's format: a web page, half an answer, a changed shape."""

    code = "not_answerable"
    temporary = True
    sentence = (
        "{host} sent an answer that StudyMaster cannot read. Nothing was changed; try again "
        "in a few minutes."
    )


class UnexpectedAnswerError(MoodleError):
    """Moodle refused with a reason that has no name here; `detail` keeps its wording."""

    code = "unexpected_answer"
    sentence = (
        "{host} refused this for a reason that StudyMaster does not know. The rest of the "
        "sync is not affected."
    )


class RecordMissingError(MoodleError):
    """What was asked for by its number does not exist (any more)."""

    code = "record_missing"
    status = HTTPStatus.NOT_FOUND
    sentence = (
        "{host} has deleted this, or it never existed. What was synced before is kept."
    )


class UnknownFunctionError(MoodleError):
    """The site's Moodle is too old, or too bare, to know the function."""

    code = "unknown_function"
    sentence = (
        "The Moodle version on {host} does not offer this to apps, so it is left out. The "
        "rest is synced."
    )


class InvalidRequestError(MoodleError):
    """StudyMaster asked wrongly: a fault of ours."""

    code = "invalid_request"
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    sentence = (
        "StudyMaster asked {host} for something in the wrong way. This is our fault; the "
        "rest is not affected."
    )


class FileMissingError(MoodleError):
    """The file is listed but not there."""

    code = "file_missing"
    status = HTTPStatus.NOT_FOUND
    sentence = "This file is listed on {host} but no longer there. Ask your teacher for a new copy."


class FileRefusedError(MoodleError):
    """The file exists, but not for this student."""

    code = "file_refused"
    status = HTTPStatus.FORBIDDEN
    sentence = (
        "{host} does not give you this file: it is hidden, restricted, or meant for another "
        "group. It is tried again at the next sync."
    )


class FileElsewhereError(MoodleError):
    """The file's address is outside the site; the token is never sent there."""

    code = "file_elsewhere"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    sentence = (
        "This file is not kept on {host} itself, so your sign-in is not sent there. Open it "
        "in Moodle in the browser."
    )


class FileBrokenError(MoodleError):
    """The bytes that arrived are not the file that was announced."""

    code = "file_broken"
    temporary = True
    sentence = (
        "This file arrived from {host} incomplete or damaged and was not kept. It is tried "
        "again at the next sync."
    )


class FileTooLargeError(MoodleError):
    """The file is larger than the product takes."""

    code = "file_too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    sentence = (
        "This file is larger than StudyMaster keeps. Open it on {host} in the browser."
    )


# Moodle's error codes. Those not seen in a recording were read in Moodle's source.
NAMED: Final[Mapping[str, type[MoodleError]]] = {
    "invalidlogin": WrongSignInError,
    "invalidtoken": TokenExpiredError,
    "invalidtimedtoken": TokenExpiredError,
    "accessexception": AccessRefusedError,
    "wsaccessusersuspended": AccountSuspendedError,
    "wsaccessuserdeleted": AccountSuspendedError,
    "wsaccessuserunconfirmed": AccountSuspendedError,
    "wsaccessusernologin": AccountSuspendedError,
    "usernotconfirmed": AccountSuspendedError,
    "wsaccessuserexpired": PasswordChangeRequiredError,
    "passwordisexpired": PasswordChangeRequiredError,
    "forcepasswordchangenotice": PasswordChangeRequiredError,
    "sitepolicynotagreed": PolicyNotAgreedError,
    "errorcoursecontextnotvalid": NotEnrolledError,
    "requireloginerror": NotEnrolledError,
    "usernotallowed": NotPermittedError,
    "missingrequiredcapability": NotPermittedError,
    "cannotcreatetoken": NotPermittedError,
    "noguest": NotPermittedError,
    "nopermission": NotPermittedError,
    "nopermissions": NotPermittedError,
    "nopermissiontoviewgrades": NotPermittedError,
    "accessdenied": NotPermittedError,
    "sitemaintenance": MaintenanceError,
    "upgraderunning": UpgradeRunningError,
    "dbconnectionfailed": DatabaseDownError,
    "servicenotavailable": ServiceDisabledError,
    "enablewsdescription": ServiceDisabledError,
    "invalidrecord": RecordMissingError,
    "invalidrecordunknown": RecordMissingError,
    "invalidparameter": InvalidRequestError,
    "errorinvalidparam": InvalidRequestError,
    "missingparam": InvalidRequestError,
    "invalidargorconf": InvalidRequestError,
    "filenotfound": FileMissingError,
}

# Codes that mean something narrower for one subject of the request.
NAMED_FOR_SITE_INFO: Final[Mapping[str, type[MoodleError]]] = {
    "accessexception": TokenExpiredError,
}
NAMED_FOR_FILES: Final[Mapping[str, type[MoodleError]]] = {
    "requireloginerror": FileRefusedError,
    "nopermissions": FileRefusedError,
    "invalidrecord": FileMissingError,
    "invalidrecordunknown": FileMissingError,
}

# Codes that hide their reason in the message, by a fragment that is not translated.
REASONS: Final[tuple[tuple[str, str, type[MoodleError]], ...]] = (
    (
        "errorcoursecontextnotvalid",
        "forcepasswordchangenotice",
        PasswordChangeRequiredError,
    ),
    ("errorcoursecontextnotvalid", "/policy", PolicyNotAgreedError),
    ("invalidrecord", "external_functions", UnknownFunctionError),
)


def name_failure(
    errorcode: str,
    message: str,
    *,
    host: str,
    narrower: Mapping[str, type[MoodleError]] | None = None,
) -> MoodleError:
    """Return the named failure for Moodle's error code.

    Some codes are whole sentences; those, like every other unknown one, become an
    UnexpectedAnswerError. `narrower` goes before the common table.
    """
    detail = f"{errorcode}: {message}"
    for code, fragment, failure in REASONS:
        if code == errorcode and fragment in message:
            return failure(host, detail=detail)
    failure = (narrower or {}).get(errorcode) or NAMED.get(errorcode, UnexpectedAnswerError)
    return failure(host, detail=detail)


def read_plain_text(markup: str) -> str:
    """Return the words of a piece of HTML on one line, shortened for the log."""
    words = html.unescape(re.sub(r"<[^<>]*>", " ", markup[: 4 * LOG_LENGTH]))
    return " ".join(words.split())[:LOG_LENGTH]
