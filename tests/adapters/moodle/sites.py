"""A Moodle site that answers with recordings, in batches as Moodle does."""

import json
from urllib.parse import parse_qsl

import httpx

from studymaster.adapters.moodle import open_site
from studymaster.adapters.moodle.translate import BATCH_FUNCTION
from tests.adapters.moodle.recordings import RECORDED

SITE = "https://moodle.example.edu/lms"
NOBODY: frozenset[str] = frozenset()


class Recorder:
    """Answers with recordings by function, and remembers what was asked.

    An answer is the name of a recording, or makes a response out of the parameters. `asked`
    has the requests with their forms, `calls` each function with its parameters, also those
    inside a batch.
    """

    def __init__(self, **answers):
        self.answers = answers
        self.asked = []
        self.calls = []

    def __call__(self, request):
        form = dict(parse_qsl(request.content.decode()))
        self.asked.append((request, form))
        function = form.get("wsfunction") or request.url.path.rsplit("/", 1)[-1]
        if function == BATCH_FUNCTION and function not in self.answers:
            return self._answer_batch(form)
        return self._answer(function, form)

    def _answer(self, function, parameters):
        self.calls.append((function, parameters))
        name = self.answers.get(function)
        if callable(name):
            return name(parameters)
        body = (RECORDED / f"{name}.json").read_bytes()
        return httpx.Response(
            200, content=body, headers={"Content-Type": "application/json"}
        )

    def _answer_batch(self, form):
        """Answer one call after the other, and stop after the first that fails."""
        responses = []
        for function, arguments in batched(form):
            text = self._answer(function, arguments).text
            refusal = json.loads(text)
            if isinstance(refusal, dict) and "exception" in refusal:
                responses.append({"error": True, "exception": text})
                break
            responses.append({"error": False, "data": text})
        return httpx.Response(200, json={"responses": responses})


def batched(form):
    """Return the calls of a batch: function and arguments of each."""
    count = sum(key.endswith("[function]") for key in form)
    return [
        (
            form[f"requests[{place}][function]"],
            json.loads(form[f"requests[{place}][arguments]"]),
        )
        for place in range(count)
    ]


def refusal(errorcode, message=""):
    """Return how Moodle refuses."""
    return httpx.Response(
        200,
        json={"exception": "moodle_exception", "errorcode": errorcode, "message": message},
    )


def site(recorder, token="sesame", **kwargs):
    """Open the site for somebody with a token."""
    transport = httpx.MockTransport(recorder)
    return open_site(SITE, allowed_hosts=NOBODY, token=token, transport=transport, **kwargs)
