"""Page data: what each page loads, through its State, from a database with half a year in it."""

import gc
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from reflex.event import EventType
from sqlalchemy import event

from benchmarks import filling
from benchmarks.filling import Known
from benchmarks.measure import time_rounds
from benchmarks.report import Report
from benchmarks.scene import Scene
from benchmarks.tab import Tab
from studymaster.adapters.database import get_engine
from studymaster.features.dashboard.state import ShellState
from studymaster.studymaster import SCREENS

TITLE = "Page data"
ROUNDS = 30
FEWER_ROUNDS = {"/campus/join/[code]": 12}
"""An invitation may be looked up twenty times a minute."""

FRAME = "(the frame of every page)"
MANY_STATEMENTS = 15


@dataclass(slots=True)
class Tally:
    """The statements that reached PostgreSQL."""

    statements: list[str] = field(default_factory=list[str])

    def note(self, *words: object) -> None:
        """Take one down."""
        _connection, _cursor, statement, *_ = words
        self.statements.append(str(statement))


@contextmanager
def counted() -> Generator[Tally]:
    """Count what is asked of PostgreSQL in a block."""
    tally, engine = Tally(), get_engine().sync_engine
    event.listen(engine, "before_cursor_execute", tally.note)
    yield tally
    event.remove(engine, "before_cursor_execute", tally.note)


@dataclass(frozen=True, slots=True)
class Page:
    """A page at its address, and what its visit loads."""

    route: str
    path: str
    load: EventType[()] | None


def pages_of(known: Known) -> list[Page]:
    """Return the frame alone, then every page of the product as this student has it."""
    ids = {
        "[course_id]": str(known.course_id),
        "[material_id]": str(known.material_id),
        "[quiz_id]": str(known.quiz_id),
        "[group_id]": str(known.group_id),
        "[code]": known.invite_code,
    }
    pages: list[Page] = []
    for screen in SCREENS:
        path = screen.route
        for name, value in ids.items():
            path = path.replace(name, value)
        if screen.load is not None:
            pages.append(Page(screen.route, path, screen.load))
    return [Page(FRAME, "/", None), *pages, *_campus_parts(pages)]


def _campus_parts(pages: list[Page]) -> list[Page]:
    (campus,) = (page for page in pages if page.route == "/campus")
    names = ("buddies", "resources", "questions")
    paths = [f"/campus?tab={name}" for name in names]
    return [Page(path, path, campus.load) for path in paths]


async def visit(tab: Tab, page: Page) -> int:
    """Load a page with its frame; return the bytes for the browser."""
    tab.go_to(page.path)
    own = [] if page.load is None else [page.load]
    return await tab.carry_out(ShellState.load, *own)


async def measure(scene: Scene, now: datetime) -> Report:
    """Measure the frame, then every page with its frame."""
    report = Report(TITLE)
    peers = filling.fill_peers(scene, now=now)
    known, double = (
        filling.fill_student(scene, peers, now=now, scale=scale) for scale in (1, 2)
    )
    scene.look_over()
    for page, twin in zip(pages_of(known), pages_of(double), strict=True):
        once, twice = Tab(known.cookie), Tab(double.cookie)
        figures = await _figures(scene, once, page)
        await visit(twice, twin)
        statements, _ = await _visit_cold(scene, twice, twin)
        report.add(page.route, figures | {"cold, 2x rows": statements})
    _judge(report)
    await get_engine().dispose()
    return report


async def _figures(scene: Scene, tab: Tab, page: Page) -> dict[str, float]:
    await visit(tab, page)  # a first visit may settle what was due: it is not measured
    cold, size = await _visit_cold(scene, tab, page)
    gc.collect()
    rounds = FEWER_ROUNDS.get(page.route, ROUNDS)
    figures = (await time_rounds(lambda: visit(tab, page), rounds=rounds)).figures()
    del figures["per second"]
    with counted() as tally:
        await visit(tab, page)
    kib = size / 1024
    return figures | {"KiB sent": kib, "statements": len(tally.statements), "cold": cold}


async def _visit_cold(scene: Scene, tab: Tab, page: Page) -> tuple[int, int]:
    """Visit with nothing kept in Redis; return the statements needed and the bytes sent."""
    scene.forget_kept()
    fresh = Tab(tab.cookie)
    with counted() as tally:
        size = await visit(fresh, page)
    return len(tally.statements), size


def _judge(report: Report) -> None:
    """Remark on pages that ask a lot, and on those that ask more the more there is."""
    frame = float(report.rows[FRAME]["cold"])
    for route, row in report.rows.items():
        cold, twice = float(row["cold"]), float(row["cold, 2x rows"])
        if route != FRAME and cold - frame > MANY_STATEMENTS:
            own = f"{cold - frame:.0f} statements of its own with nothing kept"
            report.remark(f"{route}: {own}.")
        if twice > cold:
            report.remark(f"{route}: statements grow with the rows.")
