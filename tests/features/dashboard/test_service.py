"""The dashboard tells the truth about a student's day, from a real database."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs
from uuid import UUID, uuid4

import pytest

from studymaster.adapters.cache import Kept
from studymaster.adapters.database import unit_of_work
from studymaster.features.accounts.schemas import Student
from studymaster.features.dashboard import service
from studymaster.features.dashboard.schemas import (
    Dashboard,
    Figures,
    Reviews,
    Stage,
    Start,
    SyncState,
)
from studymaster.features.flashcards.service.statistics import get_statistics
from studymaster.features.sync import service as sync
from studymaster.models import (
    UPLOAD,
    Blob,
    Card,
    CardKind,
    ChangeKind,
    ConnectionState,
    Course,
    Deadline,
    DeadlineKind,
    Deck,
    FetchState,
    FocusSession,
    FocusState,
    GroupMember,
    Material,
    MaterialKind,
    MoodleConnection,
    PointsEntry,
    ReviewLog,
    RunState,
    StudyGroup,
    SubmissionState,
    SyncChange,
    SyncRun,
    TextState,
)
from tests.conftest import NOON, make_student
from tests.factories.moodle import connect as uni
from tests.factories.moodle import make_run
from tests.features.flashcards.pile import note_cards
from tests.features.grades.gradebooks import keep as keep_grades
from tests.features.grades.gradebooks import listed as grade_line
from tests.features.points.log import arrive, focused
from tests.statements import asked
from tests.workers.test_sync import connect as connect_campus

TODAY = date(2030, 1, 16)
A_DAY = timedelta(days=1)


async def keep(*rows) -> None:
    """Write rows; as after the product's own writes, nothing kept from before is served."""
    async with unit_of_work() as work:
        for row in rows:
            work.session.add(row)
            await work.session.flush()
            work.outdate(Kept.STATISTICS, str(row.account_id))


async def look(student: Student, now: datetime = NOON) -> Dashboard:
    return await service.find_dashboard(student=student, now=now)


async def connect(student: Student, *, synced_at: datetime | None = None, **fields) -> UUID:
    row = MoodleConnection(
        id=uuid4(),
        account_id=student.account_id,
        created_at=NOON,
        site_url=f"https://{uuid4()}.example.edu",
        site_name="Demo University",
        moodle_user_id=7,
        moodle_username="mina",
        sealed_token="sealed",
        token_obtained_at=NOON,
        **fields,
    )
    await keep(row)
    if synced_at is not None:
        minutes = (NOON - synced_at) // timedelta(minutes=1)
        await make_run(row, minutes_ago=minutes)
    return row.id


async def add_course(student: Student, connection_id: UUID, name: str, **fields) -> Course:
    row = Course(
        account_id=student.account_id,
        connection_id=connection_id,
        created_at=NOON,
        moodle_id=uuid4().int % 10**9,
        shortname=name[:4].upper(),
        fullname=name,
        followed_since=NOON,
        **{"line": 0} | fields,
    )
    await keep(row)
    return row


async def add_cards(
    student: Student, course: Course, due: list[date], **fields
) -> list[Card]:
    deck = Deck(
        account_id=student.account_id, course_id=course.id, name="deck", created_at=NOON
    )
    cards = [
        Card(
            account_id=student.account_id,
            deck_id=deck.id,
            created_at=NOON,
            kind=CardKind.BASIC,
            front="q",
            back="a",
            due_on=day,
            **fields,
        )
        for day in due
    ]
    await keep(deck, *cards)
    return cards


def answer(card: Card, day: date, *, turn: int = 0, **fields) -> ReviewLog:
    noon = datetime.combine(day, NOON.timetz())
    defaults = {"grade": 4, "elapsed_ms": 6_000, "created_at": noon, "drill": False}
    defaults["interval_before"] = 1
    return ReviewLog(
        account_id=card.account_id,
        card_id=card.id,
        turn=turn,
        day=day,
        easiness_before=250,
        easiness_after=250,
        interval_after=1,
        repetitions_before=0,
        repetitions_after=1,
        **defaults | fields,
    )


def deadline(course: Course, title: str, due_at: datetime, **fields) -> Deadline:
    return Deadline(
        account_id=course.account_id,
        course_id=course.id,
        created_at=NOON,
        title=title,
        due_at=due_at,
        **{"cmid": uuid4().int % 10**9, "kind": DeadlineKind.ASSIGNMENT} | fields,
    )


def material(course: Course, **fields) -> Material:
    return Material(
        account_id=course.account_id,
        course_id=course.id,
        created_at=NOON,
        cmid=uuid4().int % 10**9,
        name="Lecture",
        **{"changed_at": NOON, "kind": MaterialKind.FILE, "modname": "resource"} | fields,
    )


def done_run(course: Course, **fields) -> SyncRun:
    return SyncRun(
        account_id=course.account_id,
        connection_id=course.connection_id,
        beat_at=NOON,
        state=RunState.DONE,
        **{"created_at": NOON} | fields,
    )


def change(run: SyncRun, row: Material, what: ChangeKind) -> SyncChange:
    return SyncChange(
        account_id=run.account_id,
        run_id=run.id,
        course_id=row.course_id,
        material_id=row.id,
        what=what,
        name=row.name,
        created_at=NOON,
    )


@pytest.fixture
async def chemistry(student: Student) -> Course:
    connection = await connect(student, synced_at=NOON - timedelta(minutes=4))
    return await add_course(student, connection, "Organic Chemistry", line=3)


async def test_a_new_student_is_told_to_connect_moodle(student: Student) -> None:
    day = await look(student)
    assert day.stage == Stage.CONNECT
    assert day.sentence == "Connect your Moodle, and your day will stand here."
    assert (day.stops, day.courses, day.deadlines) == ([], [], [])
    assert day.figures == Figures("0", "0", "0 min", "0", "")
    assert day.reviews == Reviews(
        "0", "this half-year", "0 reviews on 0 days of the last 26 weeks"
    )
    assert {cell.level for cell in day.heat} == {0, -1}
    assert day.sync.state == "none"


async def test_a_connected_student_waits_for_the_courses(student: Student) -> None:
    await connect(student)
    day = await look(student)
    assert day.stage == Stage.SYNC
    assert day.sync.text == "Moodle not synced yet"


async def test_a_student_for_whom_moodle_lists_nothing_is_told_so(
    student: Student,
) -> None:
    connection = await connect(student, synced_at=NOON)
    await add_course(student, connection, "Last year", listed=False)
    day = await look(student)
    assert day.stage == Stage.NO_COURSES
    assert day.sentence == "Moodle lists no courses for you yet."


async def test_a_student_without_cards_is_told_to_open_a_lecture(
    student: Student, chemistry: Course
) -> None:
    day = await look(student)
    assert day.stage == Stage.CARDS
    assert [tile.fullname for tile in day.courses] == ["Organic Chemistry"]
    assert day.courses[0].remembered == -1


async def put_in(course: Course, name: str, **fields) -> Material:
    """Put a lecture with text into a course."""
    blob = Blob(
        sha1=uuid4().hex,
        created_at=NOON,
        size_bytes=9,
        mimetype="application/pdf",
        **{"text_state": TextState.READY, "page_count": 2} | fields.pop("blob", {}),
    )
    async with unit_of_work() as work:
        work.session.add(blob)
    row = material(course, fetch_state=FetchState.STORED, blob_sha1=blob.sha1, **fields)
    row.name = name
    await keep(row)
    return row


async def test_who_has_no_cards_yet_starts_with_the_newest_lecture(
    student: Student, other_student: Student, chemistry: Course
) -> None:
    gone = await add_course(student, chemistry.connection_id, "Old", listed=False)
    theirs = await add_course(other_student, await connect(other_student), "Biology")
    await put_in(chemistry, "Lecture 1", modified_at=NOON - timedelta(days=9))
    newest = await put_in(chemistry, "Lecture 2", modified_at=NOON - timedelta(days=2))
    await put_in(chemistry, "Scan", blob={"text_state": TextState.NO_TEXT})
    await put_in(chemistry, "Taken away", listed=False)
    await put_in(gone, "Of last year")
    await put_in(theirs, "Of somebody else")
    await keep(deadline(chemistry, "Essay", NOON + timedelta(days=1)))
    day = await look(student)
    path = f"/smart-study/lecture/{newest.id}"
    assert day.start == Start(path, first_cards=True)
    first = day.stops[0]
    assert (first.title, first.detail) == ("Make your first cards", "ORGA · Lecture 2")
    assert (first.state, first.path, first.next_line) == ("now", path, "focus")
    await add_cards(student, chemistry, [TODAY])
    day = await look(student)
    assert day.start == Start("/smart-study/review")
    assert "Make your first cards" not in [stop.title for stop in day.stops]


async def test_of_lectures_that_came_together_the_last_of_the_course_is_the_newest(
    student: Student, chemistry: Course
) -> None:
    for place in (1, 3, 2):
        await put_in(chemistry, f"Lecture {place}", position=place)
    assert (await look(student)).stops[0].detail == "ORGA · Lecture 3"


async def test_first_cards_are_made_from_a_file_whatever_else_is_newer(
    student: Student, chemistry: Course
) -> None:
    biology = await add_course(student, chemistry.connection_id, "Biology")
    ages = {"Lecture 1": (3, 0), "Lecture 2": (2, 1)}
    for name, (days, place) in ages.items():
        await put_in(biology, name, modified_at=NOON - timedelta(days=days), position=place)
    # As new as Lecture 2, and further down, but in a course that stands after.
    newest = NOON - timedelta(days=2)
    await put_in(chemistry, "Sheet", modified_at=newest, position=40)
    for kind in (MaterialKind.GLOSSARY, MaterialKind.CHAPTER, MaterialKind.PAGE):
        await put_in(biology, "Newer", kind=kind, modified_at=NOON, position=50)
    await put_in(biology, "My words", kind=MaterialKind.PAGE, modname=UPLOAD)
    assert (await look(student)).stops[0].detail == "BIOL · Lecture 2"
    await put_in(chemistry, "Paper.pdf", modname=UPLOAD)
    assert (await look(student)).stops[0].detail == "ORGA · Paper.pdf"


async def test_without_a_file_first_cards_are_made_from_what_else_has_text(
    student: Student, chemistry: Course
) -> None:
    await put_in(chemistry, "My words", kind=MaterialKind.PAGE, modname=UPLOAD)
    await put_in(chemistry, "Scan", blob={"text_state": TextState.NO_TEXT})
    assert (await look(student)).stops == []
    for kind, name in (
        (MaterialKind.GLOSSARY, "Glossary"),
        (MaterialKind.CHAPTER, "Chapter"),
        (MaterialKind.PAGE, "Page"),
    ):
        days = list(MaterialKind).index(kind)
        modified_at = NOON - timedelta(days=9 - days)
        await put_in(chemistry, name, kind=kind, modified_at=modified_at)
        assert (await look(student)).stops[0].detail == f"ORGA · {name}"


async def test_after_the_first_sync_of_a_campus_the_first_cards_are_of_a_lecture(
    student: Student, demo_site: str
) -> None:
    campus = await connect_campus(student, demo_site)
    await campus.run()
    first = (await look(student)).stops[0]
    assert first.title == "Make your first cards"
    assert first.detail == "BIO 110 · Lecture 3: DNA and its Replication"


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize(
    ("state", "shown", "told"),
    [
        (RunState.FAILED, SyncState.FAILED, "The sync stopped"),
        (RunState.QUEUED, SyncState.RUNNING, "Waiting for a free worker"),
        (RunState.RUNNING, SyncState.RUNNING, "Syncing"),
    ],
)
async def test_of_two_sites_asked_at_once_dashboard_and_live_sync_tell_the_same(
    student: Student, state: RunState, shown: SyncState, told: str, *, is_first: bool
) -> None:
    one, two = [await uni(student), await uni(student, site_url="https://two.edu")]
    states = [state, RunState.DONE] if is_first else [RunState.DONE, state]
    for site, its_state in zip((one, two), states, strict=True):
        await make_run(site, minutes_ago=60)
        await make_run(site, state=its_state)
    assert (await look(student)).sync.state == shown
    async with unit_of_work() as work:
        live = await sync.overview(work, student=student, now=NOON)
    assert live.run is not None
    assert live.run.headline == told


async def test_without_anything_to_do_here_there_is_nothing_to_start(
    student: Student, chemistry: Course
) -> None:
    await add_cards(student, chemistry, [TODAY + timedelta(days=2)])
    assert (await look(student)).start == Start()


async def test_with_no_card_due_the_route_starts_with_the_planned_focus(
    student: Student, chemistry: Course
) -> None:
    await add_cards(student, chemistry, [TODAY + timedelta(days=2)])
    await keep(deadline(chemistry, "Essay", NOON + timedelta(days=1)))
    start = (await look(student)).start
    assert start.path.startswith("/focus?")
    assert not start.first_cards


@pytest.mark.parametrize(
    ("number", "alone", "last", "counted"),
    [
        (1, 1, "Task 0", "One"),
        (5, 5, "Task 4", "Five"),
        (6, 4, "2 more deadlines", "Six"),
        (12, 4, "8 more deadlines", "12"),
    ],
)
async def test_the_route_holds_as_many_deadlines_as_the_greeting_counts(
    student: Student, chemistry: Course, number, alone, last, counted
) -> None:
    await add_cards(student, chemistry, [TODAY])
    await keep(
        *(
            deadline(chemistry, f"Task {place}", NOON + timedelta(hours=place + 1))
            for place in range(number)
        ),
        deadline(chemistry, "In ten days", NOON + timedelta(days=10)),
    )
    day = await look(student)
    plural = "" if number == 1 else "s"
    assert day.sentence.startswith(f"{counted} deadline{plural} in the next 7 days.")
    stops = [stop for stop in day.stops if stop.line == "acct"]
    assert stops[-1].title == last
    assert len([stop for stop in stops if stop.address]) == alone
    rest = stops[-1].detail.split(" · ") if number > alone else []
    assert alone + len(rest) == number


async def test_a_whole_day_as_the_page_shows_it(
    student: Student, chemistry: Course
) -> None:
    history = await add_course(student, chemistry.connection_id, "Modern History", line=2)
    yesterday = TODAY - timedelta(days=1)
    await arrive(student, NOON - timedelta(days=9))
    done, *_ = await add_cards(
        student, chemistry, [TODAY + timedelta(days=6), TODAY, yesterday]
    )
    await add_cards(student, history, [TODAY])
    await keep(
        answer(done, yesterday, elapsed_ms=30_000),
        answer(
            done, TODAY, turn=1, elapsed_ms=30_000, created_at=NOON - timedelta(hours=3)
        ),
        deadline(history, "Essay draft", NOON + timedelta(days=1)),
        deadline(chemistry, "Lab report", NOON + timedelta(days=9)),
        deadline(chemistry, "Reading", NOON - timedelta(days=2)),
        material(chemistry, last_change=ChangeKind.NEW),
        PointsEntry(
            account_id=student.account_id,
            created_at=NOON,
            amount=1284,
            cause="test",
            sentence="Earned.",
            day=TODAY,
        ),
    )
    day = await look(student)
    assert day.greeting == "Good afternoon, Mina."
    assert day.sentence == "One deadline in the next 7 days. 27 minutes clears today."
    assert day.minutes_left == "27 min left"
    assert [
        (stop.title, stop.detail, stop.when, stop.line, stop.next_line, stop.state)
        for stop in day.stops
    ] == [
        ("Reviewed 1 card", "Organic Chemistry", "done 09:00", "study", "study", "done"),
        ("Review 3 cards", "2 courses · 2 min", "now", "study", "focus", "now"),
        ("Focus 25 min", "MODE · Essay draft", "next", "focus", "acct", "next"),
        ("Essay draft", "Modern History", "Tomorrow 12:00", "acct", "", "next"),
    ]
    assert [
        (tile.fullname, tile.line, tile.due, tile.fresh, tile.remembered)
        for tile in day.courses
    ] == [("Organic Chemistry", 3, 2, 1, 100), ("Modern History", 2, 1, 0, -1)]
    assert [(row.title, row.when) for row in day.passed] == [
        ("Reading", "Mon 14 Jan 12:00")
    ]
    assert [(row.title, row.when) for row in day.deadlines] == [
        ("Essay draft", "Tomorrow 12:00"),
        ("Lab report", "Fri 25 Jan 12:00"),
    ]
    assert day.figures == Figures("2", "1", "0 min", "1,284", "")
    assert day.reviews == Reviews(
        "2", "this half-year · 100% recalled", "2 reviews on 2 days of the last 26 weeks"
    )
    assert (day.sync.text, day.sync.moment) == (
        "Moodle synced",
        "2030-01-16T11:56:00+00:00",
    )


async def test_nobody_sees_the_day_of_somebody_else(
    student: Student, other_student: Student, chemistry: Course
) -> None:
    (card,) = await add_cards(student, chemistry, [TODAY])
    await keep(
        answer(card, TODAY),
        deadline(chemistry, "Essay", NOON + timedelta(days=1)),
        material(chemistry),
    )
    day = await look(other_student)
    assert day.stage == Stage.CONNECT
    assert (day.due, day.stops, day.courses, day.deadlines) == (0, [], [], [])
    assert day.figures == Figures("0", "0", "0 min", "0", "")
    assert day.reviews.total == "0"


async def test_a_card_drilled_today_is_due_and_one_drilled_yesterday_is_not(
    student: Student, chemistry: Course
) -> None:
    later = TODAY + timedelta(days=3)
    (drilled,) = await add_cards(student, chemistry, [later], drill_on=TODAY)
    await keep(
        Card(
            **drilled.model_dump(exclude={"id", "drill_on"}), drill_on=TODAY - timedelta(1)
        )
    )
    assert (await look(student)).due == 1


async def test_when_all_is_reviewed_the_route_says_when_cards_come_back(
    student: Student, chemistry: Course
) -> None:
    (card,) = await add_cards(student, chemistry, [TODAY + timedelta(days=1)])
    await keep(answer(card, TODAY))
    day = await look(student)
    assert [(stop.title, stop.detail, stop.state) for stop in day.stops] == [
        ("Reviewed 1 card", "The next are due tomorrow", "done"),
    ]
    assert day.sentence == "No deadlines in the next 7 days. No cards are due."


async def test_before_the_first_answer_a_card_is_estimated_at_twelve_seconds(
    student: Student, chemistry: Course
) -> None:
    await add_cards(student, chemistry, [TODAY] * 11)
    assert (await look(student)).minutes_left == "3 min left"


async def test_the_estimate_is_the_middle_answer_not_the_one_left_open_at_lunch(
    student: Student, chemistry: Course
) -> None:
    card, *_ = await add_cards(student, chemistry, [TODAY] * 10)
    times = [5_000, 6_000, 6_000, 60_000]
    await keep(
        *(
            answer(card, TODAY, turn=turn, elapsed_ms=elapsed)
            for turn, elapsed in enumerate(times)
        )
    )
    assert (await look(student)).minutes_left == "1 min left"


async def test_only_answers_to_cards_that_had_rested_tell_what_is_remembered(
    student: Student, chemistry: Course
) -> None:
    card, other = await add_cards(student, chemistry, [TODAY, TODAY])
    await keep(
        answer(card, TODAY - timedelta(days=1), turn=0, grade=5, interval_before=0),
        answer(card, TODAY, turn=1, grade=2),
        answer(card, TODAY, turn=2, grade=5, drill=True),
        answer(other, TODAY, grade=3),
        answer(card, TODAY - timedelta(days=30), turn=3, grade=2),
    )
    day = await look(student)
    assert day.courses[0].remembered == 50
    assert day.reviews.note == "this half-year · 33% recalled"


async def test_on_the_first_day_nothing_is_called_remembered(
    student: Student, chemistry: Course
) -> None:
    cards = await add_cards(student, chemistry, [TODAY] * 5)
    await keep(*(answer(card, TODAY, grade=5, interval_before=0) for card in cards))
    day = await look(student)
    assert day.courses[0].remembered == -1
    assert day.reviews.note == "this half-year · nothing asked again yet"


@pytest.mark.parametrize("days_ago", [0, 29, 30])
async def test_the_dashboard_and_the_statistics_remember_alike(
    student: Student, chemistry: Course, days_ago: int
) -> None:
    card, other, third = await add_cards(student, chemistry, [TODAY] * 3)
    day = TODAY - timedelta(days=days_ago)
    await keep(
        answer(card, day, turn=0, grade=0),
        answer(card, day, turn=1, grade=5, drill=True),
        answer(other, day, grade=3),
        answer(other, day, turn=1, grade=5, interval_before=0),
        answer(third, day, grade=2, interval_before=0),
        answer(third, TODAY, turn=1, grade=4, interval_before=40),
    )
    (tile,) = (await look(student)).courses
    figures = await get_statistics(student=student, now=NOON)
    (deck,) = figures.decks
    assert tile.remembered == deck.recalled == (67 if days_ago < 30 else 100)
    everything = next(row for row in figures.retention if row.name == "A year")
    note = (await look(student)).reviews.note
    assert note == f"this half-year · {everything.every}% recalled"


async def test_planned_focus_is_left_until_all_of_it_is_done(
    student: Student, chemistry: Course
) -> None:
    await keep(deadline(chemistry, "Lab report & more", NOON + timedelta(days=2)))

    def focus(day: Dashboard) -> tuple[str, str, str]:
        stop = next(stop for stop in day.stops if stop.line == "focus")
        return stop.title, stop.when, stop.state

    day = await look(student)
    assert focus(day) == ("Focus 25 min", "next", "next")
    assert day.minutes_left == "25 min left"
    await keep(focused(student, NOON, minutes=10))
    day = await look(student)
    assert focus(day) == ("Focus 15 min more", "next · 10 min done", "next")
    assert day.minutes_left == "15 min left"
    await keep(focused(student, NOON, minutes=15))
    day = await look(student)
    assert focus(day) == ("Focused 25 min", "done", "done")
    assert day.minutes_left == ""


async def test_a_session_going_on_says_until_when_and_counts_what_it_holds(
    student: Student, chemistry: Course
) -> None:
    await keep(deadline(chemistry, "Lab report", NOON + timedelta(days=2)))
    await keep(
        FocusSession(
            account_id=student.account_id,
            created_at=NOON,
            focus_minutes=30,
            state=FocusState.RUNNING,
            started_at=NOON - timedelta(minutes=12),
            resumed_at=NOON - timedelta(minutes=12),
            day=TODAY,
        )
    )
    day = await look(student)
    assert [(stop.title, stop.when, stop.state, stop.path) for stop in day.stops[:1]] == [
        ("Focus session", "running until 12:18", "now", "/focus")
    ]
    assert day.minutes_left == "18 min left"


async def test_the_stop_for_focus_leads_to_its_course_and_its_task(
    student: Student, chemistry: Course
) -> None:
    await keep(deadline(chemistry, "Lab report & more", NOON + timedelta(days=2)))
    stop = next(stop for stop in (await look(student)).stops if stop.line == "focus")
    assert stop.path.partition("?")[0] == "/focus"
    assert parse_qs(stop.path.partition("?")[2]) == {
        "course": [str(chemistry.id)],
        "task": ["Lab report & more"],
    }


async def test_deadlines_lead_to_their_place_in_moodle(
    student: Student, chemistry: Course
) -> None:
    await keep(
        deadline(chemistry, "Essay", NOON + timedelta(days=1), cmid=41),
        deadline(
            chemistry, "Quiz", NOON + timedelta(days=2), cmid=42, kind=DeadlineKind.QUIZ
        ),
        deadline(chemistry, "Late", NOON - timedelta(days=1), cmid=43),
    )
    day = await look(student)
    paths = ["mod/assign/view.php?id=41", "mod/quiz/view.php?id=42"]
    ends = [row.address.partition(".example.edu/")[2] for row in day.deadlines]
    assert ends == paths
    assert [stop.address.partition(".example.edu/")[2] for stop in day.stops[1:]] == paths
    assert day.passed[0].address.endswith("/mod/assign/view.php?id=43")
    assert day.passed[0].address.startswith("https://")


async def test_group_sessions_of_the_week_stand_among_the_deadlines_in_order(
    student: Student, chemistry: Course
) -> None:
    for name, days in (("Soon", 2), ("Far", 8)):
        group = StudyGroup(
            name=name,
            course_name="Organic Chemistry",
            created_at=NOON,
            invite_code=name,
            next_session_at=NOON + timedelta(days=days),
        )
        async with unit_of_work() as work:
            work.session.add(group)
            await work.session.flush()
            work.session.add(
                GroupMember(
                    group_id=group.id, account_id=student.account_id, joined_at=NOON
                )
            )
    await keep(
        deadline(chemistry, "Essay", NOON + timedelta(days=1)),
        deadline(chemistry, "Report", NOON + timedelta(days=3)),
    )
    titles = [stop.title for stop in (await look(student)).stops]
    assert titles == ["Focus 25 min", "Essay", "Soon", "Report"]
    for days in (4, 5, 6):
        await keep(deadline(chemistry, f"Task {days}", NOON + timedelta(days=days)))
    titles = [stop.title for stop in (await look(student)).stops]
    assert titles[1:] == ["Essay", "Soon", "Report", "Task 4", "2 more deadlines"]


async def test_cards_that_all_rest_are_no_review_that_was_done(
    student: Student, chemistry: Course
) -> None:
    await add_cards(student, chemistry, [TODAY + timedelta(days=3)])
    (stop,) = (await look(student)).stops
    assert (stop.title, stop.detail) == ("No cards due", "The next are due in 3 days")


async def test_new_means_arrived_or_changed_in_two_weeks_and_not_opened_since(
    student: Student, chemistry: Course
) -> None:
    came, grew = ChangeKind.NEW, ChangeKind.CHANGED
    await keep(
        material(chemistry, last_change=came),
        material(chemistry, last_change=grew, opened_at=NOON - timedelta(days=1)),
        material(chemistry, last_change=grew, opened_at=NOON + timedelta(seconds=1)),
        material(chemistry, last_change=came, changed_at=NOON - timedelta(days=15)),
        material(chemistry, last_change=came, listed=False),
    )
    assert (await look(student)).courses[0].fresh == 2


async def test_what_the_first_sync_brought_is_not_called_new(
    student: Student, chemistry: Course
) -> None:
    first = done_run(chemistry, new_count=58)
    await keep(first, material(chemistry), material(chemistry))
    day = await look(student)
    assert (day.courses[0].fresh, day.sync.note) == (0, "")


async def test_the_chip_counts_what_the_last_sync_found_different(
    student: Student, chemistry: Course
) -> None:
    older = done_run(chemistry)
    newest = done_run(chemistry, created_at=NOON + timedelta(minutes=30))
    lecture, notes = material(chemistry), material(chemistry)
    await keep(older, newest, lecture, notes)
    await keep(
        change(newest, lecture, ChangeKind.RENAMED), change(older, notes, ChangeKind.NEW)
    )
    assert (await look(student)).sync.note == "1 change"
    await keep(change(newest, notes, ChangeKind.CHANGED))
    assert (await look(student)).sync.note == "2 changes"


async def test_a_course_that_left_moodle_leaves_the_dashboard_but_its_cards_stay_due(
    student: Student, chemistry: Course
) -> None:
    gone = await add_course(student, chemistry.connection_id, "Old Course", listed=False)
    await add_cards(student, gone, [TODAY])
    await keep(deadline(gone, "Old essay", NOON + timedelta(days=1)))
    day = await look(student)
    assert [tile.fullname for tile in day.courses] == ["Organic Chemistry"]
    assert day.deadlines == []
    assert day.due == 1


async def test_only_the_six_busiest_courses_are_shown_and_all_are_counted(
    student: Student, chemistry: Course
) -> None:
    for number in range(8):
        await add_course(student, chemistry.connection_id, f"Course {number}")
    await add_cards(student, chemistry, [TODAY])
    day = await look(student)
    assert (len(day.courses), day.course_count) == (6, 9)
    assert day.courses[0].fullname == "Organic Chemistry"


async def test_deadlines_reach_two_weeks_ahead_and_three_days_back(
    student: Student, chemistry: Course
) -> None:
    moments = {
        "long gone": -timedelta(days=3, minutes=1),
        "just gone": -timedelta(days=3) + timedelta(minutes=1),
        "in time": timedelta(days=14) - timedelta(minutes=1),
        "far": timedelta(days=14, minutes=1),
    }
    await keep(*(deadline(chemistry, title, NOON + at) for title, at in moments.items()))
    day = await look(student)
    assert [row.title for row in day.passed] == ["just gone"]
    assert [row.title for row in day.deadlines] == ["in time"]


@pytest.mark.parametrize("known", [None, SubmissionState.NONE, SubmissionState.DRAFT])
async def test_what_the_gradebook_has_graded_is_no_work_any_more(
    student: Student, chemistry: Course, known: SubmissionState | None
) -> None:
    other = await add_course(student, chemistry.connection_id, "Modern History")
    await add_cards(student, chemistry, [TODAY + 2 * A_DAY])
    moments = {"Essay": A_DAY, "Report": 2 * A_DAY, "Old": -A_DAY}
    await keep(
        *(
            deadline(chemistry, title, NOON + at, cmid=31 + place, submission=known)
            for place, (title, at) in enumerate(moments.items())
        )
    )
    before = await look(student)
    assert [row.title for row in before.deadlines] == ["Essay", "Report"]
    assert [row.title for row in before.passed] == ["Old"]
    assert before.stops[1].detail == "ORGA · Essay"
    await keep_grades(
        student,
        chemistry.id,
        grade_line(1, grade=70.0, cmid=31),
        grade_line(2, cmid=32, shown="-"),
        grade_line(3, cmid=33, shown="B+"),
    )
    await keep_grades(student, other.id, grade_line(1, grade=70.0, cmid=32))
    day = await look(student)
    assert ([row.title for row in day.deadlines], day.passed) == (["Report"], [])
    assert day.sentence.startswith("One deadline in the next 7 days.")
    assert [stop.detail for stop in day.stops[1:]] == ["ORGA · Report", "Organic Chemistry"]


@pytest.mark.parametrize("known", [SubmissionState.SUBMITTED, SubmissionState.GRADED])
async def test_what_was_handed_in_is_no_work_any_more(
    student: Student, chemistry: Course, known: SubmissionState
) -> None:
    await add_cards(student, chemistry, [TODAY + 2 * A_DAY])
    for at in (A_DAY, -A_DAY):
        await keep(deadline(chemistry, "Essay", NOON + at, submission=known))
    day = await look(student)
    assert (day.deadlines, day.passed) == ([], [])
    assert [stop.title for stop in day.stops] == ["No cards due"]
    assert day.sentence == "No deadlines in the next 7 days. No cards are due."


async def test_an_event_without_a_page_leads_to_the_calendar_of_its_moodle(
    student: Student, chemistry: Course
) -> None:
    await keep(
        deadline(chemistry, "Excursion", NOON + A_DAY, kind=DeadlineKind.EVENT, cmid=9)
    )
    day = await look(student)
    assert day.deadlines[0].address.endswith("/calendar/view.php?view=upcoming")
    assert day.stops[-1].address == day.deadlines[0].address


@pytest.mark.parametrize(
    ("days_ago", "streak"),
    [
        ([0, 1, 2], "3"),
        ([1, 2, 3], "3"),
        ([2, 3], "0"),
        ([0, 2, 3], "1"),
        ([1, 3, 4, 5], "1"),
        (list(range(400)), "400"),
    ],
)
async def test_a_streak_is_days_in_a_row_and_today_may_still_come(
    student: Student, chemistry: Course, days_ago, streak
) -> None:
    await arrive(student, NOON - timedelta(days=500))
    (card,) = await add_cards(student, chemistry, [TODAY])
    await keep(
        *(
            answer(card, TODAY - timedelta(days=ago), turn=turn)
            for turn, ago in enumerate(days_ago)
        )
    )
    assert (await look(student)).figures.streak == streak


async def test_before_four_in_the_morning_it_is_still_yesterday(
    empty_database: None,
) -> None:
    student = await make_student("Mina Aalto", time_zone="Europe/Berlin")
    connection = await connect(student)
    course = await add_course(student, connection, "Organic Chemistry")
    await add_cards(student, course, [TODAY, TODAY + timedelta(days=1)])
    night = datetime(2030, 1, 17, 2, 59, tzinfo=UTC)  # 03:59 in Berlin
    assert (await look(student, now=night)).due == 1
    assert (await look(student, now=night + timedelta(minutes=1))).due == 2
    assert (await look(student, now=night)).greeting == "Good evening, Mina."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # Berlin springs forward on 31 March 2030 and falls back on 27 October 2030.
        (datetime(2030, 3, 31, 1, 59, tzinfo=UTC), datetime(2030, 3, 31, 2, 0, tzinfo=UTC)),
        (
            datetime(2030, 10, 27, 2, 59, tzinfo=UTC),
            datetime(2030, 10, 27, 3, 0, tzinfo=UTC),
        ),
    ],
)
async def test_the_day_turns_at_four_by_the_wall_clock_when_the_clocks_change(
    empty_database: None, before: datetime, after: datetime
) -> None:
    student = await make_student("Mina Aalto", time_zone="Europe/Berlin")
    connection = await connect(student)
    course = await add_course(student, connection, "Organic Chemistry")
    (card,) = await add_cards(student, course, [after.date()])
    eve = after.date() - timedelta(days=1)
    await keep(answer(card, eve), answer(card, eve - timedelta(days=1), turn=1))
    early, late = await look(student, now=before), await look(student, now=after)
    assert (early.due, late.due) == (0, 1)
    assert (early.figures.streak, late.figures.streak) == ("2", "2")
    assert (early.figures.reviewed_today, late.figures.reviewed_today) == ("1", "0")


@pytest.mark.parametrize(
    ("run", "state", "text", "note"),
    [
        (RunState.QUEUED, "running", "Moodle is syncing", ""),
        (RunState.RUNNING, "running", "Moodle is syncing", ""),
        (RunState.DONE, "done", "Moodle synced", ""),
        (RunState.FAILED, "failed", "Last sync failed · data from", ""),
    ],
)
async def test_the_chip_says_how_the_sync_stands(
    student: Student, chemistry: Course, run, state, text, note
) -> None:
    await keep(
        SyncRun(
            account_id=student.account_id,
            connection_id=chemistry.connection_id,
            created_at=NOON,
            beat_at=NOON,
            state=run,
            new_count=2,
            changed_count=1,
        )
    )
    chip = (await look(student)).sync
    assert (chip.state, chip.text, chip.note) == (state, text, note)
    fresh = "" if state == "running" else "2030-01-16T11:56:00+00:00"
    assert chip.moment == fresh


async def test_a_sync_that_waits_for_long_is_not_said_to_go_on(
    student: Student, chemistry: Course
) -> None:
    await keep(
        SyncRun(
            account_id=student.account_id,
            connection_id=chemistry.connection_id,
            created_at=NOON,
            beat_at=NOON,
            state=RunState.QUEUED,
        )
    )
    soon, late = NOON + timedelta(seconds=29), NOON + timedelta(seconds=30)
    assert (await look(student, soon)).sync.text == "Moodle is syncing"
    assert (await look(student, late)).sync.text == "The Moodle sync waits its turn"


async def test_a_broken_connection_is_said(student: Student) -> None:
    await connect(student, state=ConnectionState.BROKEN, synced_at=NOON)
    assert (await look(student)).sync.text == "Moodle wants you to sign in again"


async def test_a_moodle_that_the_student_left_is_no_fault(student: Student) -> None:
    await connect(
        student,
        state=ConnectionState.BROKEN,
        failure_code="disconnected",
        synced_at=NOON,
    )
    chip = (await look(student)).sync
    assert (chip.state, chip.text) == (SyncState.NONE, "Moodle disconnected")


async def test_a_sync_that_the_student_stopped_is_no_fault(student: Student) -> None:
    site = await uni(student)
    await make_run(site, minutes_ago=60)
    await make_run(site, state=RunState.FAILED, cancelled_at=NOON)
    assert (await look(student)).sync.text == "Moodle synced"


async def test_the_frame_knows_the_student(student: Student, chemistry: Course) -> None:
    await add_cards(student, chemistry, [TODAY, TODAY])
    view = await service.find_shell(student=student, now=NOON)
    assert (view.name, view.initials, view.due, view.theme) == (
        "Mina Aalto",
        "MA",
        2,
        "system",
    )
    assert view.summary == "0 pts · 0-day streak"


async def test_the_number_of_queries_does_not_grow_with_the_courses(
    student: Student, chemistry: Course
) -> None:
    counts = []
    await add_cards(student, chemistry, [TODAY])
    for _ in range(2):
        await note_cards(student)
        with asked() as statements:
            await look(student)
        counts.append(len(statements))
        for number in range(20):
            course = await add_course(student, chemistry.connection_id, f"Course {number}")
            await add_cards(student, course, [TODAY])
    assert counts[0] == counts[1] <= 16
