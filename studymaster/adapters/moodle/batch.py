"""Many questions to a site in few requests, each answered or failed by itself."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from http import HTTPStatus
from typing import Final, Generic, TypeVar, cast

from studymaster.adapters.moodle.failures import (
    NAMED_FOR_SITE_INFO,
    SITE_INFO_FUNCTION,
    AccessRefusedError,
    AccountSuspendedError,
    AddressRefusedError,
    CertificateError,
    DatabaseDownError,
    MaintenanceError,
    MoodleError,
    MovedError,
    NotAnswerableError,
    NotMoodleError,
    NotPermittedError,
    PasswordChangeRequiredError,
    PolicyNotAgreedError,
    ServiceDisabledError,
    SiteDownError,
    TokenExpiredError,
    TokenRefusedError,
    TooBusyError,
    UnknownFunctionError,
    UnreachableError,
    UpgradeRunningError,
    name_failure,
)
from studymaster.adapters.moodle.translate import Question
from studymaster.adapters.moodle.wire import JSON, Parameter, read_answer

T = TypeVar("T")
U = TypeVar("U")
T_co = TypeVar("T_co", covariant=True)

MOST_AT_ONCE = 30
"""Calls in one request: 30 large courses are a few megabytes and seconds of the site's time."""

OF_THE_SITE: Final = (
    TokenExpiredError,
    TokenRefusedError,
    AccountSuspendedError,
    PasswordChangeRequiredError,
    PolicyNotAgreedError,
    MaintenanceError,
    UpgradeRunningError,
    DatabaseDownError,
    SiteDownError,
    TooBusyError,
    ServiceDisabledError,
    UnreachableError,
    CertificateError,
    MovedError,
    NotMoodleError,
    AddressRefusedError,
)
"""These say the same about everything on the site."""

WORTH_ASKING_SINGLY: Final = (SiteDownError, UnreachableError)
"""A batch may be too much for a site that bears single calls: out of memory, out of time."""

NOT_OFFERED: Final = (AccessRefusedError, UnknownFunctionError, NotPermittedError)
"""The site answers no batches at all to this token."""


@dataclass(frozen=True, slots=True)
class Call(Generic[T_co]):
    """A question with the parameters it is asked with."""

    question: Question[T_co]
    parameters: Mapping[str, Parameter] = field(default_factory=dict[str, Parameter])


class Answer(Generic[T_co]):
    """What one call came to: a value, or the failure that cost only this call.

    `sha1` is the digest of the answer's own bytes, "" for a failure. The same content has
    the same digest as long as it is asked for in the same way; one that differs only means
    that the value has to be compared. `unchanged` tells that it is the digest known before:
    then nothing was parsed.
    """

    def __init__(
        self,
        make: Callable[[], T_co],
        *,
        sha1: str = "",
        unchanged: bool = False,
        failure: MoodleError | None = None,
    ) -> None:
        """Keep how to make the value: that waits until somebody wants it."""
        self._make = make
        self.sha1 = sha1
        self.unchanged = unchanged
        self.failure = failure

    @cached_property
    def value(self) -> T_co:
        """The answer in the product's words, made once.

        Raises:
            MoodleError: the call failed, or its answer is misshapen (NotAnswerableError).
        """
        if self.failure:
            raise self.failure
        return self._make()


def failed(call: Call[T], failure: MoodleError) -> Answer[T]:
    """Return the answer of a call that came to nothing."""
    return Answer(partial(call.question.translate, None), failure=failure)


def answered(call: Call[T], raw: bytes, *, host: str, known: str | None) -> Answer[T]:
    """Return the answer with these bytes, not yet parsed."""
    sha1 = hashlib.sha1(raw, usedforsecurity=False).hexdigest()
    make = partial(_translate, call.question, raw, host=host)
    return Answer(make, sha1=sha1, unchanged=sha1 == known)


def _translate(question: Question[T], raw: bytes, *, host: str) -> T:
    answer = read_answer(question.function, HTTPStatus.OK, {}, raw, host=host)
    return question.translate(answer, host=host)


def joined(
    parts: Sequence[Answer[T]], join: Callable[[Sequence[Answer[T]]], U]
) -> Answer[U]:
    """Return several answers as one; it fails as the first of them that does."""
    digests = "".join(part.sha1 for part in parts)
    return Answer(
        partial(join, parts),
        sha1=hashlib.sha1(digests.encode(), usedforsecurity=False).hexdigest(),
        failure=next((part.failure for part in parts if part.failure), None),
    )


def spell_batch(calls: Sequence[Call[T]]) -> dict[str, Parameter]:
    """Return the parameters of one request for all these calls."""
    return {
        "requests": [
            {
                "function": call.question.function,
                "arguments": json.dumps(dict(call.parameters)),
            }
            for call in calls
        ]
    }


def read_batch(
    answer: JSON, calls: Sequence[Call[T]], *, host: str, known: Sequence[str | None]
) -> list[Answer[T]]:
    """Return the answers that came: Moodle stops after the first call that fails.

    Raises:
        NotAnswerableError: it is no answer to these calls, or one to none of them.
        MoodleError: a call failed by what is true of the whole site.
    """
    parts = answer.get("responses") if isinstance(answer, dict) else None
    if not isinstance(parts, list) or not 0 < len(parts) <= len(calls):
        raise NotAnswerableError(host, detail="not a batch of answers")
    return [
        _read_part(part, call, host=host, known=digest)
        for part, call, digest in zip(parts, calls, known, strict=False)
    ]


def _read_part(part: JSON, call: Call[T], *, host: str, known: str | None) -> Answer[T]:
    found = part if isinstance(part, dict) else {}
    data = found.get("data")
    if found.get("error") is False and isinstance(data, str):
        raw = data.encode("utf-8", "surrogatepass")
        return answered(call, raw, host=host, known=known)
    failure = _name_failure_of_part(found, call.question.function, host=host)
    if isinstance(failure, OF_THE_SITE):
        raise failure
    return failed(call, failure)


def _name_failure_of_part(
    part: Mapping[str, JSON], function: str, *, host: str
) -> MoodleError:
    told = part.get("exception")
    if isinstance(told, str):
        try:
            told = cast("JSON", json.loads(told))
        except (ValueError, RecursionError):
            told = None
    if not isinstance(told, dict):
        return NotAnswerableError(host, detail=f"{function}: neither answer nor failure")
    code, message = told.get("errorcode"), told.get("message")
    return name_failure(
        code if isinstance(code, str) else "",
        message if isinstance(message, str) else "",
        host=host,
        narrower=NAMED_FOR_SITE_INFO if function == SITE_INFO_FUNCTION else None,
    )
