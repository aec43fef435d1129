from datetime import timedelta

import pytest

from studymaster.adapters.database import unit_of_work
from studymaster.features.flashcards.rules.browse import STAGES, parse_search
from studymaster.features.flashcards.schemas import EVERYTHING, Pile
from studymaster.features.flashcards.service import browse
from studymaster.paging import Window
from tests.conftest import NOON
from tests.features.flashcards.pile import TODAY, make_card, make_deck, make_own_card
from tests.features.library.shelf import make_lecture
from tests.statements import asked


async def find(student, *, pile=EVERYTHING, window=None, **asked):
    async with unit_of_work() as work:
        return await browse.get_table(
            work,
            student=student,
            search=parse_search(**asked),
            pile=pile,
            window=window or Window(),
            now=NOON,
        )


async def fronts(student, **asked):
    return [row.front for row in (await find(student, **asked)).rows]


@pytest.fixture
async def deck(student):
    deck = await make_deck(student, "Mixed")
    for minute, (front, back, tags) in enumerate(
        [
            ("Mitochondrion?", "the cell's powerhouse", ["bio", "cell-biology"]),
            ("Was heißt Straße?", "street", ["german"]),
            ("Value of π to 3.14", r"about \pi", []),
            ("日本語", "Japanese", ["german"]),
            ("A {{c1::gap}} here", "gap", []),
        ]
    ):
        await make_own_card(
            student,
            deck,
            front=front,
            back=back,
            tags=tags,
            created_at=NOON + timedelta(minutes=minute),
        )
    return deck


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("mito", ["Mitochondrion?"]),
        ("POWER cell", ["Mitochondrion?"]),
        ("cell-biology", ["Mitochondrion?"]),
        ("powerhouse street", []),
        ("german", ["Was heißt Straße?", "日本語"]),
        ("straß", ["Was heißt Straße?"]),
        ("3.14", ["Value of π to 3.14"]),
        ("日本", ["日本語"]),
        ("cell's", ["Mitochondrion?"]),
        ("gap", ["A [...] here"]),
        ("100%", []),
        ("x' OR 'a'='a", []),
        ("x\x00y \ud800", []),
        ("chondr", ["Mitochondrion?"]),
        ('"the cell"', ["Mitochondrion?"]),
        ("m*n?", ["Mitochondrion?"]),
        ("street or gap", ["Was heißt Straße?", "A [...] here"]),
        ("german -street", ["日本語"]),
    ],
)
async def test_words_are_looked_for_on_both_sides_and_in_the_tags(
    student, deck, words: str, found: list[str]
) -> None:
    assert await fronts(student, text=words) == found


@pytest.mark.parametrize("words", ["script", "<script>", "SCR", "alert(1)", "example"])
async def test_words_inside_tags_and_addresses_are_found(student, words: str) -> None:
    deck = await make_deck(student, "Web")
    front = "<script>alert(1)</script> of www.example.org/page"
    await make_own_card(student, deck, front=front)
    await make_own_card(student, deck, front="a note, <b>bold</b>")
    assert await fronts(student, text=f'"{words}"') == [front]


@pytest.mark.parametrize("signs", ["\\' & | !", "<->", "\\", "%", "_%_", "[a", "{{2", ".*"])
async def test_signs_are_looked_for_as_they_stand_and_break_nothing(
    student, deck, signs: str
) -> None:
    assert await fronts(student, text=f"{signs} -3.14") == []


async def test_every_card_stands_in_one_of_six_stages(student) -> None:
    lecture = await make_lecture(student)
    for suspended_at in (None, NOON):
        tomorrow = TODAY + timedelta(days=1)
        await make_card(
            student, lecture, turn=1, buried_until=tomorrow, suspended_at=suspended_at
        )
        await make_card(
            student, lecture, turn=1, buried_until=TODAY, suspended_at=suspended_at
        )
    for turn in (0, 1):
        for due_in in (-1, 0, 1):
            for drill_on in (None, TODAY, TODAY - timedelta(days=1)):
                for suspended_at in (None, NOON):
                    await make_card(
                        student,
                        lecture,
                        turn=turn,
                        due_in=due_in,
                        drill_on=drill_on if turn else None,
                        suspended_at=suspended_at,
                    )
    stages = [
        row.stage
        for stage in STAGES
        for row in (await find(student, stage=stage)).rows
        if row.stage == stage
    ]
    totals = [(await find(student, stage=stage)).total for stage in STAGES]
    assert len(stages) == sum(totals) == 40
    assert min(totals) > 0


async def test_a_row_names_the_flag_of_its_card(student, deck) -> None:
    await make_own_card(student, deck, front="marked", flag=3)
    (row,) = (await find(student, text="flag:3")).rows
    assert (row.front, row.flag) == ("marked", "Green")
    assert {row.flag for row in (await find(student, text="flag:0")).rows} == {""}


async def test_cards_are_found_by_deck_stage_and_tag(student, deck) -> None:
    lecture = await make_lecture(student)
    due = await make_card(student, lecture, front="due?", turn=1)
    await make_card(student, lecture, front="later?", turn=1, due_in=3)
    await make_card(student, lecture, front="again?", turn=1, due_in=3, drill_on=TODAY)
    await make_card(student, lecture, front="hidden?", suspended_at=NOON)
    assert len(await fronts(student, stage="new")) == 5
    assert await fronts(student, stage="due") == ["due?"]
    assert await fronts(student, stage="resting") == ["later?"]
    assert await fronts(student, stage="learning") == ["again?"]
    assert await fronts(student, stage="suspended") == ["hidden?"]
    assert len(await fronts(student, tag="#German")) == 2
    assert len(await fronts(student, pile=Pile(course_id=lecture.course_id))) == 4
    assert len(await fronts(student, pile=Pile(deck_id=due.deck_id), text="due")) == 1
    assert await fronts(student, pile=Pile(deck_id=deck), stage="due") == []


async def test_a_table_is_read_page_by_page_and_knows_its_length(student, deck) -> None:
    first = await find(student, window=Window(0, 2))
    last = await find(student, window=Window(4, 2))
    beyond = await find(student, window=Window(6, 2))
    assert [(len(one.rows), one.total) for one in (first, last, beyond)] == [
        (2, 5),
        (1, 5),
        (0, 5),
    ]


async def test_a_row_says_when_its_card_comes_back(student) -> None:
    lecture = await make_lecture(student)
    await make_card(student, lecture, turn=1, due_in=1, tags=["a"])
    (row,) = (await find(student)).rows
    assert (row.deck, row.line, row.when, row.tags) == ("BIO 101", 3, "Tomorrow", ["a"])


async def test_tags_are_listed_by_use(student, deck) -> None:
    async with unit_of_work() as work:
        tags = await browse.list_tags(work, account_id=student.account_id)
    assert tags == ["german", "bio", "cell-biology"]


async def test_another_student_finds_nothing(student, other_student, deck) -> None:
    assert (await find(other_student)).total == 0
    assert (await find(other_student, pile=Pile(deck_id=deck))).rows == []
    async with unit_of_work() as work:
        assert await browse.list_tags(work, account_id=other_student.account_id) == []


@pytest.mark.parametrize(("rows", "count"), [(50, 2), (2, 2)])
async def test_a_table_is_read_with_few_statements_however_long(
    student, deck, rows: int, count: int
) -> None:
    with asked() as statements:
        await find(student, window=Window(0, rows))
    assert len([one for one in statements if "FROM card" in one]) == count


async def test_every_stretch_tells_how_many_there_are_even_one_behind_the_last(
    student, deck
) -> None:
    windows = [Window(offset, 2) for offset in range(0, 8, 2)]
    found = [await find(student, text="-zebra", window=window) for window in windows]
    assert [len(one.rows) for one in found] == [2, 2, 1, 0]
    assert {one.total for one in found} == {5}
    ids = [row.id for one in found for row in one.rows]
    assert ids == [row.id for row in (await find(student, text="-zebra")).rows]


async def test_a_card_that_was_begun_anew_is_new_and_not_due(student, deck) -> None:
    await make_own_card(student, deck, front="anew", turn=3, interval_days=0)
    found = {text: await fronts(student, text=text) for text in ("is:new", "is:due")}
    assert ("anew" in found["is:new"], "anew" in found["is:due"]) == (True, False)
    assert "anew" not in await fronts(student, text="prop:due<=0")
