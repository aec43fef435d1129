"""The house keeps its own promises."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from studymaster.config import Settings
from studymaster.jobs import JobName
from workers import flashcards, sweep, sync  # noqa: F401  (registers the tasks)
from workers.app import celery
from workers.schedule import RECURRING

ROOT = Path(__file__).parents[2]
FEATURES = sorted(ROOT.glob("studymaster/features/*/**/*.py"))
STATES = [path for path in FEATURES if "state" in path.relative_to(ROOT).as_posix()]
EDGES = [path for path in FEATURES if path.stem in {"state", "page", "api"}]

ACROSS_ACCOUNTS = {
    "account_by_email": "signing in starts without an account",
    "connection_of_moodle_user": "signing in starts without an account",
    "blob_by_sha1": "bytes belong to nobody, materials do",
    "accounts_due": "beat looks at every account",
    "silent_runs": "the sweeper looks at every account",
    "silent_generations": "the sweeper looks at every account",
}
STATE_LINES = 260
FUNCTION_LINES = 40


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def own_modules() -> list[Path]:
    found = []
    for folder in ("studymaster", "workers", "demo", "operate"):
        found += ROOT.glob(f"{folder}/**/*.py")
    return sorted(path for path in found if path.stem != "__init__")


def test_every_job_name_has_exactly_one_task() -> None:
    tasks = {name for name in celery.tasks if not name.startswith("celery.")}
    assert tasks == set(JobName)


def test_beat_runs_only_known_jobs() -> None:
    assert {item.job for item in RECURRING} <= set(JobName)


def test_every_setting_is_explained_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE))
    assert {name.upper() for name in Settings.model_fields} <= named


@pytest.mark.parametrize("path", STATES, ids=lambda path: path.parent.name)
def test_states_hold_no_table_rows(path: Path) -> None:
    imported = {
        node.module for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom)
    }
    assert not {name for name in imported if name and name.startswith("studymaster.models")}


@pytest.mark.parametrize("path", STATES, ids=lambda path: path.parent.name)
def test_states_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= STATE_LINES


def test_only_the_database_adapter_commits() -> None:
    for path in [*FEATURES, *ROOT.glob("workers/*.py")]:
        calls = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)]
        assert not [node for node in calls if node.attr == "commit"], path


@pytest.mark.parametrize("path", EDGES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_states_and_pages_catch_nothing(path: Path) -> None:
    handlers = [
        node for node in ast.walk(tree(path)) if isinstance(node, ast.ExceptHandler)
    ]
    allowed = {
        ("accounts", "api"): "the sign-in form keeps what was typed",
        ("accounts", "state"): "a cookie or an id from a browser may be nonsense",
    }
    assert not handlers or (path.parent.name, path.stem) in allowed, path


def test_every_query_begins_with_the_session_and_the_account() -> None:
    for path in ROOT.glob("studymaster/features/*/queries.py"):
        for function in functions(path):
            if function.name.startswith("_") or function.name in ACROSS_ACCOUNTS:
                continue
            names = [argument.arg for argument in function.args.args]
            assert names[:2] == ["session", "account_id"], f"{path}: {function.name}"


def test_every_public_feature_state_method_is_guarded() -> None:
    visitors = {"SignInState.load", "SessionState"}
    for path in STATES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                for method in _events(node):
                    name = f"{node.name}.{method.name}"
                    source = ast.unparse(method)
                    guarded = "_require_student" in source or "self._" in source
                    assert name in visitors or guarded or _is_local(method), name


def _events(node: ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for method in node.body:
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
            marks = {ast.unparse(mark).partition("(")[0] for mark in method.decorator_list}
            if marks & {"rx.event"}:
                yield method


def _is_local(method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether an event only changes what this tab shows."""
    return "unit_of_work" not in ast.unparse(method)


def test_no_function_is_longer_than_a_screen() -> None:
    for path in own_modules():
        for function in functions(path):
            length = (function.end_lineno or 0) - function.lineno + 1
            assert length <= FUNCTION_LINES, f"{path}: {function.name} has {length} lines"


def test_every_module_says_what_it_is() -> None:
    for path in own_modules():
        assert ast.get_docstring(tree(path)), path


def test_every_module_of_a_feature_has_its_tests() -> None:
    waived = {"schemas", "queries", "__init__"}
    for path in ROOT.glob("studymaster/features/*/*.py"):
        mirrored = ROOT / "tests/features" / path.parent.name / f"test_{path.stem}.py"
        assert path.stem in waived or mirrored.exists(), f"{path} has no {mirrored}"


def test_the_migrations_folder_does_not_hide_the_library() -> None:
    import alembic.command

    assert "site-packages" in alembic.command.__file__
