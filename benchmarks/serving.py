"""The web server of the product as a process of its own, the same but for the built pages.

What is measured never asks for a page file, so the front end need not be built.
`python -m benchmarks.serving` is that process; its settings are in the environment.
"""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from time import monotonic, sleep

import httpx

from benchmarks.scene import LOOPBACK, ROOT, Scene
from operate.children import Child, Family
from operate.embedded import free_port
from operate.errors import CannotStartError

WORKERS = 2
READY_SECONDS = 180.0
PAUSE_SECONDS = 0.1


@contextmanager
def serving(scene: Scene) -> Generator[str]:
    """Run the web server on a free loopback port; gives its address.

    Raises:
        CannotStartError: it does not answer in time.
    """
    port = free_port()
    address = f"http://{LOOPBACK}:{port}"
    environment = scene.environment | {
        "STUDYMASTER_MODE": "production",
        "PUBLIC_URL": address,
        "PORT": str(port),
        "LOG_LEVEL": "INFO",
        "PROMETHEUS_MULTIPROC_DIR": str(_folder(scene, "figures")),
        "REFLEX_WEB_WORKDIR": str(_folder(scene, "web")),
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_USE_GRANIAN": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_REDIS_URL": scene.environment["REDIS_URL"],
        "REFLEX_OPLOCK_ENABLED": "1",
        "GRANIAN_WORKERS": str(WORKERS),
        "__REFLEX_SKIP_COMPILE": "1",
    }
    family = Family(f"{scene.folder}-web", logs=scene.folder / "logs")
    try:
        web = Child("web", (sys.executable, "-m", "benchmarks.serving"))
        family.start(web, environment, folder=ROOT)
        wait_until_answers(f"{address}/api/v1/health", family)
        yield address
    finally:
        family.stop()


def wait_until_answers(address: str, family: Family) -> None:
    """Wait until a server answers.

    Raises:
        CannotStartError: it ended, or takes too long.
    """
    deadline = monotonic() + READY_SECONDS
    while not _answers(address):
        family.check()
        if monotonic() > deadline:
            msg = f"Nothing answers in {READY_SECONDS:.0f} seconds."
            raise CannotStartError(msg)
        sleep(PAUSE_SECONDS)


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5).is_success
    except httpx.HTTPError:
        return False


def _folder(scene: Scene, name: str) -> str:
    folder = scene.folder / name
    folder.mkdir(exist_ok=True)
    return str(folder)


def _serve() -> None:
    # Reads the environment when imported. An internal name, as in operate.serve.
    from reflex.utils.exec import run_backend_prod  # noqa: PLC0415

    run_backend_prod(LOOPBACK, int(os.environ["PORT"]), mount_frontend_compiled_app=False)


if __name__ == "__main__":
    _serve()
