"""Asks one Moodle site with one token: singly or many at once, allowed functions only."""

from asyncio import create_task, gather
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import TypeVar

import httpx

from studymaster.adapters.moodle.batch import (
    MOST_AT_ONCE,
    NOT_OFFERED,
    OF_THE_SITE,
    WORTH_ASKING_SINGLY,
    Answer,
    Call,
    answered,
    failed,
    read_batch,
    spell_batch,
)
from studymaster.adapters.moodle.door import Door
from studymaster.adapters.moodle.failures import InvalidRequestError, MoodleError
from studymaster.adapters.moodle.retry import ask_again
from studymaster.adapters.moodle.translate import (
    ALLOWED_FUNCTIONS,
    BATCH_FUNCTION,
    Question,
)
from studymaster.adapters.moodle.wire import Parameter, encode_parameters, read_answer

T = TypeVar("T")

SERVER = "/webservice/rest/server.php"


class Asker:
    """The web service of a site, for whom a token belongs to."""

    def __init__(self, door: Door, *, token: str | None) -> None:
        """Ask through an opened door; the caller closes it.

        `functions` are what the site offers to the token, empty while nobody knows.
        """
        self._door = door
        self._token = token
        self._batches_refused = False
        self.address = door.address
        self.functions: frozenset[str] = frozenset()

    async def ask(self, question: Question[T], **parameters: Parameter) -> T:
        """Ask one of ALLOWED_FUNCTIONS with the token and translate the answer."""
        answer = await self._ask_singly(Call(question, parameters), known=None)
        return answer.value

    async def ask_many(
        self, calls: Sequence[Call[T]], *, known: Mapping[int, str] | None = None
    ) -> list[Answer[T]]:
        """Ask many things in few requests; a call that fails costs only itself.

        Args:
            calls: what to ask; the answers have the same order.
            known: digests from earlier, by the place of the call. An answer that has the
                digest is `unchanged` and not parsed.

        Raises:
            MoodleError: the failure is the same for everything on the site.
        """
        for call in calls:
            self._check_allowed(call.question)
        digests = [(known or {}).get(place) for place in range(len(calls))]
        steps = range(0, len(calls), MOST_AT_ONCE)
        parts = await _together(
            self._ask_part(
                calls[step : step + MOST_AT_ONCE], digests[step : step + MOST_AT_ONCE]
            )
            for step in steps
        )
        return [answer for part in parts for answer in part]

    async def _ask_part(
        self, calls: Sequence[Call[T]], known: Sequence[str | None]
    ) -> list[Answer[T]]:
        """Ask in one batch, and again for what came after a call that failed."""
        answers: list[Answer[T]] = []
        while len(rest := calls[len(answers) :]) > 1 and self._batches_offered():
            digests = known[len(answers) :]
            try:
                answers += await ask_again(partial(self._ask_batch, rest, digests))
            except NOT_OFFERED:
                self._batches_refused = True
            except MoodleError as error:
                if isinstance(error, OF_THE_SITE) and not isinstance(
                    error, WORTH_ASKING_SINGLY
                ):
                    raise
                break
        return answers + await self._ask_each(rest, known[len(answers) :])

    def _batches_offered(self) -> bool:
        listed = not self.functions or BATCH_FUNCTION in self.functions
        return listed and not self._batches_refused

    async def _ask_each(
        self, calls: Sequence[Call[T]], known: Sequence[str | None]
    ) -> list[Answer[T]]:
        """Ask each by itself: the first alone, because it may end the rest."""
        asking = (
            partial(self._ask_alone, call, digest)
            for call, digest in zip(calls, known, strict=True)
        )
        first = [await ask() for ask in islice(asking, 1)]
        return first + await _together(ask() for ask in asking)

    async def _ask_batch(
        self, calls: Sequence[Call[T]], known: Sequence[str | None]
    ) -> list[Answer[T]]:
        host, inner = self.address.host, calls[0].question.function
        kind = f"{inner} x {len(calls)}"
        status, headers, body = await self._post(
            BATCH_FUNCTION, spell_batch(calls), kind=kind
        )
        answer = read_answer(BATCH_FUNCTION, status, headers, body, host=host)
        return read_batch(answer, calls, host=host, known=known)

    async def _ask_alone(self, call: Call[T], known: str | None) -> Answer[T]:
        """Let a failure of one call cost only this call; raise what is true of the site."""
        try:
            return await self._ask_singly(call, known=known)
        except OF_THE_SITE:
            raise
        except MoodleError as failure:
            return failed(call, failure)

    async def _ask_singly(self, call: Call[T], *, known: str | None) -> Answer[T]:
        self._check_allowed(call.question)
        return await ask_again(partial(self._ask_once, call, known))

    async def _ask_once(self, call: Call[T], known: str | None) -> Answer[T]:
        host, question = self.address.host, call.question
        function = question.function
        status, headers, body = await self._post(function, call.parameters, kind=function)
        answer = answered(call, body, host=host, known=known)
        if answer.unchanged:
            return answer
        told = read_answer(function, status, headers, body, host=host)
        return Answer(partial(question.translate, told, host=host), sha1=answer.sha1)

    async def _post(
        self, function: str, parameters: Mapping[str, Parameter], *, kind: str
    ) -> tuple[int, httpx.Headers, bytes]:
        form = encode_parameters(parameters) | {
            "wstoken": self._token or "",
            "wsfunction": function,
            "moodlewsrestformat": "json",
        }
        return await self._door.post(SERVER, form, kind=kind)

    def _check_allowed(self, question: Question[T]) -> None:
        function = question.function
        if function not in ALLOWED_FUNCTIONS or self._token is None:
            detail = f"{function} without leave or token"
            raise InvalidRequestError(self.address.host, detail=detail)


async def _together(asking: Iterable[Coroutine[object, object, T]]) -> list[T]:
    """Wait for all of them; when one raises, end the others first."""
    tasks = [create_task(one) for one in asking]
    try:
        return await gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await gather(*tasks, return_exceptions=True)
