import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from operate import bootstrap

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose only command says hello and which needs nothing but pip itself."""
    (tmp_path / "operate").mkdir()
    shutil.copy(ROOT / "operate" / "bootstrap.py", tmp_path / "operate")
    (tmp_path / "operate" / "hello.py").write_text("print('hello from', __name__)")
    (tmp_path / "requirements.txt").write_text("pip\n")
    return tmp_path


def start(
    checkout: Path, *, before: str = "pass", **environment: str
) -> subprocess.CompletedProcess:
    """Run the bootstrap as a person's Python would, after some Python code of the test's."""
    program = checkout / "operate" / "bootstrap.py"
    code = f"import runpy, sys; {before}; sys.argv[1:] = ['hello']; "
    code += f"runpy.run_path({str(program)!r}, run_name='__main__')"
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**clean, "PIP_CONFIG_FILE": os.devnull, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_that_is_too_old_can_read_the_program():
    source = (ROOT / "operate" / "bootstrap.py").read_text()
    ast.parse(source, feature_version=(3, 6))


def test_a_python_that_is_too_old_is_named_in_one_sentence(checkout):
    done = start(checkout, before="sys.version_info = (3, 8, 10, 'final', 0)")
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed, and this one is 3.8." in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_packages_are_installed_once_and_the_command_runs(checkout):
    first = start(checkout)
    assert first.stdout.splitlines() == [
        "Installing the Python packages (once, about 1 GB) ...",
        "hello from __main__",
    ]
    again = start(checkout)
    assert again.stdout == "hello from __main__\n"

    (checkout / "requirements.txt").write_text("pip\n# changed\n")
    assert "Installing" in start(checkout).stdout


def test_without_a_network_one_sentence_says_so(checkout):
    (checkout / "requirements.txt").write_text("a-package==1.0\n")
    done = start(checkout, PIP_INDEX_URL="http://127.0.0.1:1/simple")
    assert done.returncode == 1
    assert "the package index does not answer. Check the network" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_python_without_virtual_environments_names_the_package_to_install(checkout):
    done = start(checkout, before="sys.modules['ensurepip'] = None")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert done.returncode == 1
    assert f"apt install python{version}-venv" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_full_disk_is_refused_with_both_sizes():
    with pytest.raises(
        bootstrap.NotPossible, match=r"3\.2 GB .* needed .* 0\.5 GB are free"
    ):
        bootstrap.check_disk(500_000_000, bootstrap.FREE_BYTES_TO_INSTALL)
