"""The house keeps its own promises."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

from studymaster.config import Settings
from studymaster.jobs import JobName
from workers.app import celery
from workers.schedule import RECURRING

ROOT = Path(__file__).parents[2]
FEATURES = sorted(ROOT.glob("studymaster/features/*/**/*.py"))
STATES = [path for path in FEATURES if "state" in path.relative_to(ROOT).as_posix()]
EDGES = [path for path in FEATURES if path.stem in {"state", "page", "api"}]

ACROSS_ACCOUNTS = {
    "account_by_email": "signing in starts without an account",
    "connection_of_moodle_user": "signing in starts without an account",
    "bytes_here": "bytes belong to nobody, materials do",
    "read_again": "bytes belong to nobody, materials do",
    "still_unread": "bytes belong to nobody, materials do",
    "left_unread": "the sweeper looks at every account",
    "reader_by_key": "whoever has a calendar's address reads it",
    "lock": "it has a name, and no owner",
    "accounts_to_mail": "the mail job looks at every account",
    "count_polled": "beat looks at every account",
    "accounts_due": "beat looks at every account",
    "silent_runs": "the sweeper looks at every account",
    "silent_generations": "the sweeper looks at every account",
    "waiting": "beat looks at every account's exams",
    "silent_fits": "the sweeper looks at every account",
    "accounts_to_fit": "beat looks at every account",
    "silent_transfers": "the sweeper looks at every account",
    "old_transfers": "pruning looks at everybody",
    "silent_exports": "the sweeper looks at every account",
    "silent_deletions": "the sweeper looks at every account",
    "silent_memos": "the sweeper looks at every account",
    "old_exports": "pruning looks at everybody",
    "remove_old_sessions": "pruning looks at everybody",
    "remove_old_runs": "pruning looks at everybody",
    "remove_old_notifications": "pruning looks at everybody",
    "remove_seen_failures": "pruning looks at everybody",
    "remove_orphans": "pruning looks at everybody",
    "remove_old_steps": "pruning looks at everybody",
    "count_accounts": "the host sees counts, no student's data",
    "count_live_sessions": "the host sees counts, no student's data",
    "count_runs": "the host sees counts, no student's data",
    "unseen_failures": "the host sees counts, no student's data",
    "count_unseen_failures": "the host sees counts, no student's data",
    "mark_failures_seen": "the host sees counts, no student's data",
    "tick": "the clock of all background work",
    "keep_tick": "the clock of all background work",
    "owners_of_media": "pruning looks at everybody",
    "in_pile": "it makes conditions, for statements that name the account",
    "stage_on": "it makes a column, for statements that name the account",
    "key_of": "it knows tables, not rows",
    "exported_tables": "it knows tables, not rows",
    "overdue_accounts": "the settle job looks at every account",
    "day_clocks": "beat looks at every account's days",
    "accounts_behind": "beat looks at every account's days",
    "refresh_week": "the leaderboard is everybody's",
    "top_of_week": "the leaderboard is everybody's",
    "earners": "the worker looks at whoever has just earned points",
    "facts_of_spans": "the end of the day writes for several; each row names its account",
    "keep_closed": "the end of the day writes for several; each row names its account",
    "add_entries": "the end of the day writes for several; each row names its account",
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
    celery.loader.import_default_modules()
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
    for path in FEATURES:
        if "queries" not in path.relative_to(ROOT).with_suffix("").parts:
            continue
        for function in functions(path):
            if function.name.startswith("_") or function.name in ACROSS_ACCOUNTS:
                continue
            names = [argument.arg for argument in function.args.args]
            if names == ["self"] or names[:2] == ["self", "account_id"]:
                continue  # what a row tells of itself, and a condition on an account's
            owner = names[:2] in (["session", "account_id"], ["session", "account_ids"])
            assert owner, f"{path}: {function.name}"


UNGUARDED: dict[str, str] = {}
"""Events that need no guard, with the reason."""
GUARDS = {"_require_student": "guard", "_find_student": "look", "unit_of_work": "open"}

Method = ast.FunctionDef | ast.AsyncFunctionDef
LEFT_OUT_AT_TIMES = (ast.If, ast.For, ast.While, ast.FunctionDef, ast.AsyncFunctionDef)


def test_every_public_feature_state_method_is_guarded() -> None:
    open_events = {name for path in STATES for name in unguarded(tree(path))}
    assert open_events == set(UNGUARDED)


@pytest.mark.parametrize(
    ("body", "is_guarded"),
    [
        ("await self._require_student()", True),
        ("await self._show(await self._require_student())", True),
        ("await self._fetch()", True),
        ("await self._inherited()", True),
        ("if self.name:\n   await self._show(await self._require_student())", True),
        ("pass", False),
        ("self.name = self._secret", False),
        ("self._watch(1)", False),
        ("await self._show(1)", False),
        ("await self._show(await self._find_student())", False),
        ("await self._show(1)\n  await self._require_student()", False),
        ("async with unit_of_work() as work:\n   await self._require_student()", False),
        ("async def later():\n   await self._require_student()", False),
        ("if self.name:\n   await self._require_student()\n  await self._show(1)", False),
        ("if self.name:\n   await self._require_student()\n  self.name = 'x'", False),
    ],
)
def test_the_search_for_unguarded_methods_can_fail(body: str, is_guarded) -> None:
    sample = f"""
class Base(SessionState):
 async def _inherited(self):
  await self._fetch()
 async def _fetch(self):
  await self._show(await self._require_student())
 async def _show(self, student):
  async with unit_of_work() as work:
   self.name = await service.name(work)

class Sample(Base):
 @rx.event
 async def load(self):
  {body}
"""
    expected = [] if is_guarded else ["Sample.load"]
    assert list(unguarded(ast.parse(sample))) == expected


def test_signing_in_may_look_who_is_there() -> None:
    sample = "class SignInState(S):\n @rx.event\n def load(self): self._find_student()"
    assert list(unguarded(ast.parse(sample))) == []
    assert list(unguarded(ast.parse(sample.replace("SignIn", "Other")))) != []


def unguarded(module: ast.Module) -> Iterator[str]:
    """Yield the events that a browser may call without anybody being signed in."""
    classes = {node.name: node for node in module.body if isinstance(node, ast.ClassDef)}
    for node in classes.values():
        methods = _methods(node, classes)
        accepted = {"guard", "look"} if node.name == "SignInState" else {"guard"}
        for method in _events(node):
            steps = list(_steps(method.body, methods))
            first = next((step for step in steps if step != "maybe"), None)
            # A guard in a branch will do when nothing comes after the branch.
            in_last = "maybe" in steps and isinstance(method.body[-1], ast.If)
            if first not in accepted and not (first is None and in_last):
                yield f"{node.name}.{method.name}"


def test_a_tab_watches_before_it_reads() -> None:
    """News that comes between reading and watching would be lost for good."""
    late = {name for path in STATES for name in watching_late(tree(path))}
    assert late == set()


@pytest.mark.parametrize(
    ("body", "is_late"),
    [
        ("await self._require_student()\n  self._watch(1)\n  await self._fetch()", False),
        ("await self._require_student()\n  await self._fetch()\n  self._watch(1)", True),
        ("await self._fetch()\n  for topic in (1, 2):\n   self._watch(topic)", True),
    ],
)
def test_the_search_for_late_watching_can_fail(body: str, is_late) -> None:
    sample = f"class Sample:\n async def load(self):\n  {body}"
    assert list(watching_late(ast.parse(sample))) == ["Sample.load"] * is_late


def watching_late(module: ast.Module) -> Iterator[str]:
    """Yield the methods that wait for anything but the guard before they watch."""
    classes = [node for node in module.body if isinstance(node, ast.ClassDef)]
    for node in classes:
        for method in [one for one in node.body if isinstance(one, Method)]:
            steps = sorted(ast.walk(method), key=lambda one: getattr(one, "lineno", 0))
            watched = [one.lineno for one in steps if _is_call_of(one, "_watch")]
            waited = [
                one.lineno
                for one in steps
                if isinstance(one, ast.Await | ast.AsyncWith)
                and "_require_student" not in ast.unparse(one)
            ]
            if watched and waited and min(waited) < max(watched):
                yield f"{node.name}.{method.name}"


def _is_call_of(node: ast.AST, name: str) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and _called(node) == name


def _methods(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> dict[str, Method]:
    """Return a class's methods, inherited ones of the same file included."""
    found: dict[str, Method] = {}
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id in classes:
            found |= _methods(classes[base.id], classes)
    own = [one for one in node.body if isinstance(one, Method)]
    return found | {method.name: method for method in own}


def _steps(
    nodes: Iterable[ast.AST], methods: dict[str, Method], depth: int = 3
) -> Iterator[str]:
    """Yield who is asked for and what is opened, in the order in which it happens.

    What may not happen at all (a branch, a loop, a function made for later) guards nothing
    but itself.
    """
    for node in nodes:
        sometimes: list[ast.stmt] = []
        if isinstance(node, LEFT_OUT_AT_TIMES):
            sometimes = [*node.body, *getattr(node, "orelse", [])]
        always = [one for one in ast.iter_child_nodes(node) if one not in sometimes]
        yield from _steps(always, methods, depth)
        inner = list(_steps(sometimes, methods, depth))
        if inner[:1] == ["guard"]:
            yield "maybe"
        else:
            yield from [step for step in inner if step == "open"]
        name = _called(node)
        if name in GUARDS:
            yield GUARDS[name]
        elif name in methods and depth:
            yield from _steps(methods[name].body, methods, depth - 1)


def _called(node: ast.AST) -> str:
    """Return the name of what is called: `unit_of_work`, or `_show` of `self._show`."""
    if not isinstance(node, ast.Call):
        return ""
    target = node.func
    if isinstance(target, ast.Attribute) and ast.unparse(target.value) == "self":
        return target.attr
    return target.id if isinstance(target, ast.Name) else ""


def _events(node: ast.ClassDef) -> Iterator[Method]:
    for method in node.body:
        if isinstance(method, Method):
            marks = {ast.unparse(mark).partition("(")[0] for mark in method.decorator_list}
            if marks & {"rx.event"}:
                yield method


COSTLY = {
    "generation.request_generation": "generate",
    "cards.make_cards": "generate",
    "memos.request_transcript": "transcribe",
    "service.request_sync": "sync",
    "sessions.start": "focus",
    "planning.request_plan": "exams",
    "exports.request_export": "export",
    "service.change_name": "change-account",
    "service.prove_current": "change-account",
}
"""What starts expensive work, and the name under which it is counted."""

SENT_OVER_HTTP_ALONE = {"upload"}


def test_expensive_work_is_counted_whichever_way_it_is_asked_for() -> None:
    ways = [*EDGES, *STATES, ROOT / "studymaster/events.py"]
    ways += ROOT.glob("studymaster/features/*/api/*.py")
    for path in ways:
        spelt_out = {
            f"take({words.partition(' = ')[0]},": f"take({words.partition(' = ')[2]},"
            for words in map(ast.unparse, tree(path).body)
        }
        for function in functions(path):
            words = ast.unparse(function)
            for constant, value in spelt_out.items():
                words = words.replace(constant, value)
            for call, name in COSTLY.items():
                counted = f"expensive('{name}')" in words or f"take('{name}'" in words
                assert f"{call}(" not in words or counted, f"{path}: {function.name}"


def test_every_expensive_operation_is_known_to_the_rule_above() -> None:
    words = [path.read_text(encoding="utf-8") for path in FEATURES]
    named = set(re.findall(r"expensive\(\"([\w-]+)\"\)", "\n".join(words)))
    assert named == set(COSTLY.values()) | SENT_OVER_HTTP_ALONE


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
