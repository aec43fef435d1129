"""Which failures end a run, which connections they break, and which cost only a part."""

from studymaster.adapters import vault
from studymaster.adapters.database import DatabaseAwayError
from studymaster.adapters.moodle import failures
from studymaster.adapters.storage import StorageAwayError
from studymaster.errors import NotFoundError, StudyMasterError
from studymaster.features.sync import service

BROKEN = (
    failures.TokenExpiredError,
    failures.AccountSuspendedError,
    failures.PasswordChangeRequiredError,
    failures.PolicyNotAgreedError,
    vault.SealError,
)
"""Only the student can mend these: the connection is not asked again until they have."""

WHOLE_SITE = (
    *BROKEN,
    failures.MaintenanceError,
    failures.UpgradeRunningError,
    failures.DatabaseDownError,
    failures.SiteDownError,
    failures.TooBusyError,
    failures.ServiceDisabledError,
    failures.UnreachableError,
    failures.CertificateError,
    failures.MovedError,
    failures.NotMoodleError,
    failures.AddressRefusedError,
)
"""These say the same about everything on the site, so the run stops at the first."""

ENDS_THE_RUN = (*WHOLE_SITE, DatabaseAwayError, StorageAwayError, service.RunLostError)
"""Everything else costs one file or one course, and the run goes on."""

REFUSED = (
    failures.NotPermittedError,
    failures.NotEnrolledError,
    failures.RecordMissingError,
)
"""A teacher has closed a part of a course to its students: an answer, not a fault."""

PART_FAULT = (
    "This could not be brought in because of a fault on our side. The next sync tries it "
    "again."
)

NOT_LISTED = NotFoundError(
    "Moodle does not list this course for you any more. What was here of it stays."
)


class OurFaultError(StudyMasterError):
    """Something in the product broke; no fault of the student's or of Moodle's."""


class RunStoppedError(StudyMasterError):
    """The student stopped the run, or it is somebody else's by now."""
