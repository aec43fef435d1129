"""The recorded answers of a real Moodle, and the failure that each refusal must become."""

import json
from dataclasses import dataclass
from pathlib import Path

import httpx

from studymaster.adapters.moodle.failures import MoodleError
from studymaster.adapters.moodle.wire import (
    check_file_start,
    read_answer,
    read_file_head,
    read_public_answer,
    read_token,
)

RECORDED = Path(__file__).parents[2] / "recorded"
FILE_SCRIPTS = ("/pluginfile.php", "/tokenpluginfile.php")


@dataclass(frozen=True)
class Recording:
    """One recorded answer."""

    name: str
    function: str
    path: str
    status: int
    headers: httpx.Headers
    body: bytes
    whole: bool

    @property
    def is_file(self) -> bool:
        return any(script in self.path for script in FILE_SCRIPTS)

    def read(self) -> object:
        """Take the answer through the adapter as the request it was recorded for."""
        if self.is_file:
            return self._read_file()
        if self.path.startswith("/login/token.php"):
            return read_token(self.status, self.headers, self.body)
        if self.path.startswith("/lib/ajax/service-nologin.php"):
            return read_public_answer(self.status, self.headers, self.body)
        return read_answer(self.function, self.status, self.headers, self.body)

    def _read_file(self) -> object:
        if self.status >= 400 and self.headers["content-type"].startswith(
            "application/json"
        ):
            check_file_start(self.body, named=True)
        head = read_file_head(self.status, self.headers)
        if head.suspect and not head.not_modified:
            check_file_start(self.body, named=head.named)
        return head

    def outcome(self) -> str:
        """Return the code of the failure it becomes, or "ok"."""
        try:
            self.read()
        except MoodleError as error:
            return error.code
        return "ok"


def recording(name: str) -> Recording:
    meta = json.loads((RECORDED / f"{name}.meta.json").read_text(encoding="utf-8"))
    url = httpx.URL(meta["url"])
    body = (RECORDED / meta["body_file"]).read_bytes() if meta["body_file"] else b""
    return Recording(
        name=name,
        function=meta["function"] or "",
        path=url.raw_path.decode(),
        status=meta["status"],
        # What a socket delivers are bytes; the recorder kept them as Latin-1 text.
        headers=httpx.Headers(
            [(k.encode(), v.encode("latin-1")) for k, v in meta["headers"]]
        ),
        body=body,
        whole=meta["body_recorded"],
    )


NAMES = tuple(
    sorted(p.name.removesuffix(".meta.json") for p in RECORDED.glob("*.meta.json"))
)
