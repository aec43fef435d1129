"""Whatever is another student's is not there: for every event of every tab."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import reflex as rx

import studymaster.studymaster  # noqa: F401  (knows every State)
from studymaster.errors import NotFoundError, StudyMasterError
from studymaster.features.accounts.state import SessionState
from tests.api.asking import ENDINGS
from tests.api.world import World, furnish, snapshot
from tests.conftest import make_student
from tests.tabs import access_of, open_tab

MARK = "Zaunkoenig"

NAMED = {
    "which": "grade_line",
    "account_id": "account",
    "answer_id": "answer",
    "before_id": "message",
    "card_id": "card",
    "ids": "card_ids",
    "course": "course_row",
    "course_id": "course_row",
    "deck": "deck_key",
    "deadline": "deadline",
    "deck_id": "deck",
    "exam_id": "exam",
    "failure_id": "failure",
    "group_id": "group",
    "link_id": "link",
    "material_id": "material",
    "memo_id": "memo",
    "message_id": "message",
    "note_id": "note",
    "notification_id": "notification",
    "pledge_id": "pledge",
    "proposal_id": "proposal",
    "question_id": "question",
    "quiz_id": "quiz",
    "resource_id": "resource",
    "run": "run",
    "search_id": "search",
    "session_id": "auth_session",
    "transfer_id": "transfer",
    "about": "question",
    "value": "group_key",
    "buddy_id": "account",
    "pile": "deck_key",
    "material": "material",
}
"""What a parameter of an event, or a field of its form, names."""

NO_IDS = {
    "sent_key": "made up by the tab, so that a message sent twice counts once",
    "code": "the rule of a challenge",
    "ai_address": "an address of the student's own model",
    "ai_key": "the key of the student's own model",
}

VALUES: dict[str, Any] = {
    "bury_siblings": "on",
    "due_order": "random",
    "language": "la",
    "leech_at": "8",
    "leech_suspends": "on",
    "new_order": "random",
    "new_per_day": "12",
    "new_today": "",
    "relearning_steps": "10",
    "reviews_per_day": "120",
    "reviews_today": "",
    "steps": "1 10",
    "share": "40",
    "site": "moodle.localhost",
    "wished": "80",
    "amount": "20",
    "back": "an answer",
    "break": "5",
    "cards": "with it",
    "count": "5",
    "day": "2030-02-01",
    "display_name": "Jonas Goldammer",
    "days": "3",
    "elapsed_ms": 10,
    "find": "a",
    "front": "a question",
    "grade": 4,
    "keep": "both",
    "kind": "thought",
    "knows": True,
    "mix": {},
    "minutes": "25",
    "name": "a name",
    "position": 0,
    "preset": "25",
    "reason": "a reason",
    "retention": "85",
    "role": "member",
    "rounds": "1",
    "scheduler": "fsrs",
    "sent_key": "made-up-by-the-tab",
    "text": "some words",
    "title": "a title",
    "turn": 0,
    "version": 1,
    "where": "all",
    "waiting": [],
}
"""What an event is told besides; anything else is told `x`."""

OTHERWISE: dict[tuple[str, str], Any] = {
    ("BrowseState.sort", "order"): "front",
    ("ChosenState.choose", "everything"): False,
    ("ChosenState.flag", "number"): "1",
    ("ReviewState.ask_more", "kind"): "new",
    ("CardEditorState.save", "kind"): "basic",
    ("CardEditorState.save", "page"): "1",
    ("CardEditorState.open_page", "number"): 1,
    ("CramState.start", "order"): "random",
    ("CramState.start", "what"): "all",
    ("DeedState.flag", "number"): "1",
    ("GroupsState.create", "about"): "words about a group",
    ("PledgesState.make", "kind"): "reviews",
    ("QuestionsState.choose_order", "value"): "newest",
    ("ResourcesState.choose_order", "value"): "newest",
    ("SearchesState.keep", "stage"): "due",
    ("RoomState.save_group", "about"): "words about a group",
}
"""Where a name that is used for a thing, or a value, means something else."""

PRELUDES = {
    "GradesState.ask": "open_course",
    "CardEditorState.save": "open_new",
    "ChosenState.delete": "choose ask_delete",
    "ChosenState.flag": "choose",
    "ChosenState.move": "choose",
    "ChosenState.set_due": "choose",
    "ChosenState.start_anew": "choose",
    "ChosenState.suspend": "choose",
    "ExamsState.save": "ask_new",
    "SearchesState.keep": "ask_name",
    "GroupsState.create": "make",
    "TimerState.start": "abandon",
}
"""What has to be done in the same tab before, about the same things."""

FORMS = {
    "ExchangeState.give": "deck form with_media with_schedule",
    "ExchangeState.take": "transfer_id with_schedule role-0 form deck",
    "ConnectState.look_up": "site",
    "GradesState.ask": "wished which share",
    "ChosenState.add_tag": "tag",
    "BuddiesState.ask": "note",
    "CardEditorState.make_deck": "name",
    "CardEditorState.save": "deck visit kind front back extra masks tags material page",
    "ChoicesState.save_model": "ai_address ai_model ai_key",
    "CramState.start": "pile what days count order search",
    "CredentialsState.save_email": "email current_password",
    "CredentialsState.save_name": "display_name",
    "CredentialsState.save_password": "new_password current_password",
    "DeckSettingsState.save": "scheduler retention new_per_day reviews_per_day new_today "
    "reviews_today new_order due_order steps relearning_steps bury_siblings leech_at "
    "leech_suspends language",
    "ChosenState.set_due": "days",
    "ReplaceState.look": "find into where pattern case",
    "SearchesState.keep": "name text stage tag deck",
    "SearchesState.rename": "name",
    "ExamsState.save": "name day deadline tags retention minutes",
    "GroupsState.create": "name about course listed",
    "OwnDataState.delete_account": "word password",
    "PledgesState.make": "kind amount days buddy_id",
    "QuestionsState.ask": "course title text sent_key",
    "QuizStartState.start": "pile count",
    "QuizState.answer_pairs": "pair-0",
    "QuizState.answer_typed": "given",
    "ResourcesState.report": "reason",
    "RoomState.save_group": "name about listed",
    "RoomState.save_session": "moment note",
    "ScheduleState.save_easy_days": "monday tuesday wednesday thursday friday saturday sunday",
    "SettingsState.save_day": "time_zone day_start_hour",
    "ShelfState.delete": "cards",
    "ShelfState.save": "name above",
    "ThreadState.answer": "text sent_key",
    "ThreadState.report": "reason",
    "TimerState.note_distraction": "distraction",
    "TimerState.start": "preset course minutes break rounds task",
}
"""The fields of every form."""

ADDRESSES = {
    "GradesState": "/live-sync?tab=grades&course={course_row}",
    "BrowseState": "/smart-study/cards?deck={deck_key}",
    "ChatState": "/campus/group/{group}",
    "DecksState": "/smart-study?course={course_row}",
    "LectureState": "/smart-study/lecture/{material}",
    "NoteState": "/brain-dump?note={note}",
    "QuizState": "/smart-study/quiz/{quiz}",
    "ReviewState": "/smart-study/review?deck={deck_key}",
    "RoomState": "/campus/group/{group}",
    "TimerState": "/focus?course={course_row}",
}
"""The States that look at the address of their page, and what it names."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One event of one State, and what it is told."""

    state: type[SessionState]
    name: str
    told: tuple[tuple[str, type], ...]

    def __str__(self) -> str:
        return f"{self.state.__name__}.{self.name}"

    @property
    def fields(self) -> list[str]:
        return FORMS.get(str(self), "").split()

    def names(self) -> list[str]:
        """Return all that it is told, the fields of its form among them."""
        return [name for name, _ in self.told if name != "form"] + self.fields

    def is_about_a_thing(self) -> bool:
        named = [name for name in self.names() if (str(self), name) not in OTHERWISE]
        return bool({*named} & {*NAMED}) or str(self) in PRELUDES


def states(above: type[SessionState] = SessionState) -> Iterator[type[SessionState]]:
    for state in above.__subclasses__():
        if state.__module__.startswith("studymaster."):
            yield state
            yield from states(state)


def deeds() -> Iterator[Deed]:
    for state in states():
        for name, handler in state.event_handlers.items():
            if name in vars(state) and name != "setvar":
                told = list(inspect.signature(handler.fn).parameters.values())[1:]
                yield Deed(state, name, tuple((one.name, one.annotation) for one in told))


ALL = [*deeds()]
SHY = {
    "BrowseState.choose_deck": "an unknown deck has no cards",
    "ChosenState.choose": "choosing does nothing yet; what is done to the chosen does",
    "BuddiesState.start_asking": "opens only what the list shows",
    "CardEditorState.open_new": "opens for the first deck instead",
    "DecksState.fold": "an unknown deck has nothing to leave out",
    "DecksState.toggle_course": "an unknown course has no materials",
    "SearchesState.ask_rename": "opens only what the list shows",
    "StatisticsState.choose_deck": "an unknown deck is none: all are counted",
    "ExamsState.ask_delete": "asks only about what the list shows",
    "LectureState.choose": "opens only what the list shows",
    "PledgesState.ask_withdrawal": "asks only about what the list shows",
    "QuestionsState.choose_course": "an unknown course is none: all are shown",
    "AnnouncementsState.choose": "an unknown course is none: all are shown",
    "QuizStartState.ask_discard": "asks only about what the list shows",
    "ResourcesState.choose_audience": "an unknown audience is none: all are shown",
    "ResourcesState.toggle_report": "opens only what the list shows",
    "ThreadState.toggle_report": "opens only what the list shows",
}
"""Events that do nothing about what is not there, and say nothing either."""

ENDING = {"SettingsState.end_session"}
"""Events that end the asking tab's own session when they are told one's own."""


@pytest.fixture
async def hers(student, empty_database) -> World:
    """All that Mina has."""
    mate = await make_student("Amira Haddad")
    return with_keys(await furnish(student, mate, mark=MARK, moodle_id=777))


@pytest.fixture
async def mine(other_student, hers) -> World:
    """All that Jonas has, in whose tab it happens."""
    mate = await make_student("Lena Sommer")
    return with_keys(await furnish(other_student, mate, mark="Goldammer", moodle_id=888))


def with_keys(world: World) -> World:
    """Add the names by which piles and audiences are chosen in a list."""
    world.things["deck_key"] = f"deck:{world['deck']}"
    world.things["group_key"] = f"group:{world['group']}"
    return world


def test_every_form_and_every_parameter_that_sounds_like_an_id_is_known() -> None:
    told = {(str(one), name) for one in ALL for name in one.names()}
    odd = {pair for pair in told if pair[1].endswith(ENDINGS)}
    assert not {pair for pair in odd if pair[1] not in {*NAMED, *NO_IDS}}
    forms = {str(one) for one in ALL for name, _ in one.told if name == "form"}
    assert forms == {*FORMS}, "Say in FORMS which fields it has."


def test_no_tab_lets_its_variables_be_set_from_outside() -> None:
    for state in states():
        own = {*state.vars} - {*rx.State.vars}
        assert not {name for name in own if hasattr(state, f"set_{name}")}, state


async def test_no_event_reaches_what_is_anothers(hers, mine, unhurried) -> None:
    before, found = await of_hers(hers), []
    for deed in ALL:
        found += await leaks_of(deed, mine=mine, hers=hers, about=hers, at=mine)
        if str(deed) not in ENDING:
            found += await leaks_of(deed, mine=mine, hers=hers, about=mine, at=hers)
    assert not found, "\n".join(found)
    assert await of_hers(hers) == before


@pytest.mark.parametrize("name", [*ADDRESSES])
async def test_a_page_about_what_is_anothers_is_missing_or_empty(name, hers, mine) -> None:
    (state,) = (one for one in states() if one.__name__ == name)
    seen = []
    for world in (mine, hers):
        path = ADDRESSES[name].format(**world.things)
        tab = open_tab(state, access=access_of(mine.student), path=path)
        assert not isinstance(await run(tab, first_event(state), []), StudyMasterError)
        seen.append(str(tab.dict()))
        assert getattr(tab, "missing", world is hers) is (world is hers)
    assert "Goldammer" in seen[0]
    assert MARK not in seen[1]


def first_event(state: type[SessionState]) -> str:
    return "load" if "load" in state.event_handlers else "refresh"


async def leaks_of(
    deed: Deed, *, mine: World, hers: World, about: World, at: World
) -> list[str]:
    """Do one thing in a tab of mine, about these things, at the address of those."""
    tab = open_tab(
        deed.state,
        access=access_of(mine.student),
        token=f"{deed}",
        path=ADDRESSES.get(deed.state.__name__, "/").format(**at.things),
    )
    if "load" in deed.state.event_handlers:
        await run(tab, "load", [])
    if str(deed) in PRELUDES:
        for step in PRELUDES[str(deed)].split():
            names = {f"{state.__name__}.{step}" for state in deed.state.__mro__}
            (prelude,) = (one for one in ALL if str(one) in names)
            await run(tab, prelude.name, arguments(prelude, about.things))
    answer = await run(tab, deed.name, arguments(deed, about.things))
    missed = isinstance(answer, NotFoundError) or str(deed) in SHY
    leaks = [f"{deed} shows {MARK}"] if MARK in str(tab.dict()) else []
    if about is hers and deed.is_about_a_thing() and not missed:
        leaks.append(f"{deed} answers {answer!r}")
    return leaks


async def run(tab: SessionState, name: str, told: list[Any]) -> object:
    """Run an event as the application does; return its failure, if it is an expected one."""
    try:
        result = getattr(type(tab), name).fn(tab, *told)
        if inspect.isasyncgen(result):
            return [step async for step in result]
        return await result if inspect.isawaitable(result) else result
    except StudyMasterError as failure:
        return failure


def arguments(deed: Deed, things: dict[str, Any]) -> list[Any]:
    """Return what an event is told, in its order."""

    def value(name: str) -> Any:
        if (str(deed), name) in OTHERWISE:
            return OTHERWISE[str(deed), name]
        return things[NAMED[name]] if name in NAMED else VALUES.get(name, "x")

    return [
        {field: value(field) for field in deed.fields}
        if name == "form"
        else True
        if kind is bool and (str(deed), name) not in OTHERWISE
        else value(name)
        for name, kind in deed.told
    ]


async def of_hers(hers: World) -> dict[str, list[str]]:
    """Return every row that has to do with her."""
    names = {one for one in hers.things.values() if isinstance(one, str)} | {MARK}
    return {
        table: [row for row in rows if any(name in row for name in names)]
        for table, rows in (await snapshot()).items()
    }
