"""Something on a real socket that answers as a model would."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from studymaster.config import get_settings

Reply = Callable[[Mapping[str, str], bytes], tuple[int, object]]
"""From the headers and the body of a request to a status and what becomes JSON."""


@contextmanager
def answering(reply: Reply, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the settings name an endpoint that replies so."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            status, content = reply(self.headers, asked)
            told = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("LLM_BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
    monkeypatch.setenv("LLM_MODEL", "small")
    get_settings.cache_clear()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
