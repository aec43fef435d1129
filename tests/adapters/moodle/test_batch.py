"""Many questions in few requests: each is answered or failed by itself, and only allowed ones leave."""

import hashlib
import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from studymaster.adapters.moodle import open_site
from studymaster.adapters.moodle.batch import Call
from studymaster.adapters.moodle.failures import (
    AccessRefusedError,
    InvalidRequestError,
    MaintenanceError,
    NotAnswerableError,
    NotEnrolledError,
    RecordMissingError,
    SiteDownError,
    TokenExpiredError,
    UnexpectedAnswerError,
)
from studymaster.adapters.moodle.translate import (
    ALLOWED_FUNCTIONS,
    BATCH_FUNCTION,
    CONTENTS,
    PAGES,
    QUESTIONS,
    SITE_INFO,
    Question,
)
from tests.adapters.moodle.recordings import RECORDED, recording
from tests.adapters.moodle.sites import Recorder, batched, refusal, site

WRITES = Question("mod_page_view_page", TypeAdapter(dict))


def course(parameters):
    """Answer with one section that tells which course it is."""
    number = int(parameters["courseid"])
    return httpx.Response(
        200, json=[{"id": number, "name": f"Course {number}", "modules": []}]
    )


def no_access_to(*numbers):
    def answer(parameters):
        if int(parameters["courseid"]) in numbers:
            return refusal("errorcoursecontextnotvalid", "not accessible")
        return course(parameters)

    return answer


def names(answers):
    return [answer.value[0].name for answer in answers]


def body_of(name):
    return (RECORDED / name).read_bytes()


async def test_sixty_courses_are_two_requests() -> None:
    moodle = Recorder(core_course_get_contents=course)
    async with site(moodle) as opened:
        answers = await opened.contents_of(range(1, 61))
        assert opened.requests == 2
    assert names(answers) == [f"Course {number}" for number in range(1, 61)]


async def test_nothing_to_ask_is_no_request() -> None:
    moodle = Recorder()
    async with site(moodle) as opened:
        assert await opened.contents_of([]) == []
        assert await opened.glossary_entries_of([]) == []
        assert opened.requests == 0


async def test_a_recorded_batch_is_understood() -> None:
    def batch(_form):
        return httpx.Response(200, content=body_of("batch_three.json"))

    calls = [
        Call(CONTENTS, {"courseid": 7}),
        Call(CONTENTS, {"courseid": 3}),
        Call(PAGES, {"courseids": [3]}),
    ]
    moodle = Recorder(**{BATCH_FUNCTION: batch})
    async with site(moodle) as opened:
        first, second, pages = await opened.ask_many(calls)
    assert first.value[0].modules[0].name == "Announcements"
    assert second.value
    assert pages.value.pages is not None
    sent, recorded = moodle.asked[0][1], recorded_parameters("batch_three")
    assert batched(sent) == batched(recorded)
    assert set(sent) == set(recorded)


def recorded_parameters(name):
    return json.loads((RECORDED / f"{name}.meta.json").read_text("utf-8"))["params"]


async def test_a_failure_in_a_recorded_batch_costs_only_its_own_call() -> None:
    whole = json.loads(body_of("batch_with_errors.json"))["responses"]
    later = {"error": False, "data": "[]"}
    parts = iter([whole, [later, later, later]])
    sizes = []

    def batch(form):
        sizes.append(len(batched(form)))
        return httpx.Response(200, json={"responses": next(parts)})

    async with site(Recorder(**{BATCH_FUNCTION: batch})) as opened:
        answers = await opened.contents_of([7, 13, 8, 9, 5])
    assert sizes == [5, 3]
    assert isinstance(answers[1].failure, NotEnrolledError)
    assert [answer.failure for answer in answers].count(None) == 4
    assert answers[0].value
    with pytest.raises(NotEnrolledError):
        _ = answers[1].value


@given(st.sets(st.integers(1, 35), max_size=6))
async def test_whichever_courses_fail_the_others_arrive_in_their_places(lost) -> None:
    moodle = Recorder(core_course_get_contents=no_access_to(*lost))
    async with site(moodle) as opened:
        answers = await opened.contents_of(range(1, 36))
    failed = {place for place, a in enumerate(answers, start=1) if a.failure}
    assert failed == lost
    assert [a.value[0].id for a in answers if not a.failure] == [
        number for number in range(1, 36) if number not in lost
    ]
    assert len(moodle.asked) <= 2 + len(lost)


async def test_an_answer_that_is_known_is_not_even_parsed() -> None:
    unreadable = "[ this is no JSON"
    digest = hashlib.sha1(unreadable.encode(), usedforsecurity=False).hexdigest()
    parts = [{"error": False, "data": unreadable}, {"error": False, "data": "[]"}]

    def batch(_form):
        return httpx.Response(200, json={"responses": parts})

    async with site(Recorder(**{BATCH_FUNCTION: batch})) as opened:
        same, other = await opened.contents_of([1, 2], known={0: digest, 1: digest})
        fresh, _ = await opened.contents_of([1, 2])
    assert same.unchanged
    assert same.failure is None
    assert (other.unchanged, other.value) == (False, [])
    assert (fresh.unchanged, fresh.sha1) == (False, digest)
    with pytest.raises(NotAnswerableError):
        _ = fresh.value


async def test_the_same_bytes_have_the_same_digest_however_they_came() -> None:
    async with site(Recorder(core_course_get_contents=course)) as opened:
        (single,) = await opened.contents_of([1])
        in_batch, _ = await opened.contents_of([1, 2])
        (again,) = await opened.contents_of([1], known={0: in_batch.sha1})
    assert single.sha1 == in_batch.sha1 != ""
    assert again.unchanged
    assert again.value == single.value


async def test_a_misshapen_answer_costs_only_itself() -> None:
    def odd(parameters):
        number = int(parameters["courseid"])
        return httpx.Response(200, json={"hello": 1}) if number == 2 else course(parameters)

    async with site(Recorder(core_course_get_contents=odd)) as opened:
        first, second, third = await opened.contents_of([1, 2, 3])
    assert names([first, third]) == ["Course 1", "Course 3"]
    with pytest.raises(NotAnswerableError, match=r"moodle\.example\.edu"):
        _ = second.value


@pytest.mark.parametrize(
    ("errorcode", "failure"),
    [("sitemaintenance", MaintenanceError), ("invalidtoken", TokenExpiredError)],
)
async def test_what_is_true_of_the_site_ends_the_asking(errorcode, failure) -> None:
    moodle = Recorder(core_course_get_contents=lambda _: refusal(errorcode))
    async with site(moodle) as opened:
        with pytest.raises(failure):
            await opened.contents_of(range(5))


async def test_a_token_that_ran_out_is_told_inside_a_batch_too() -> None:
    moodle = Recorder(core_webservice_get_site_info=lambda _: refusal("accessexception"))
    async with site(moodle) as opened:
        with pytest.raises(TokenExpiredError):
            await opened.ask_many([Call(SITE_INFO), Call(SITE_INFO)])


@pytest.mark.parametrize(
    "no",
    [
        refusal("accessexception"),
        refusal("invalidrecord", "Can't find data record in table external_functions."),
    ],
)
async def test_a_token_without_batches_asks_singly_and_remembers(no) -> None:
    moodle = Recorder(
        **{BATCH_FUNCTION: lambda _: no, "core_course_get_contents": no_access_to(2)}
    )
    async with site(moodle) as opened:
        answers = await opened.contents_of([1, 2, 3])
        assert isinstance(answers[1].failure, NotEnrolledError)
        assert names([answers[0], answers[2]]) == ["Course 1", "Course 3"]
        assert opened.requests == 4
        await opened.contents_of([1, 3])
        assert opened.requests == 6


async def test_a_site_that_lists_no_batches_is_not_asked_for_one() -> None:
    def info(_form):
        told = json.loads(body_of("site_info_student1.json"))
        told["functions"] = [f for f in told["functions"] if f["name"] in ALLOWED_FUNCTIONS]
        return httpx.Response(200, json=told)

    moodle = Recorder(core_webservice_get_site_info=info, core_course_get_contents=course)
    async with site(moodle) as opened:
        await opened.site_info()
        assert BATCH_FUNCTION not in opened.functions
        assert names(await opened.contents_of([1, 2])) == ["Course 1", "Course 2"]
    asked = [form["wsfunction"] for _, form in moodle.asked]
    assert BATCH_FUNCTION not in asked


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(200, content=b'{"responses":[{"error":fal'),
        httpx.Response(200, json={"responses": []}),
        httpx.Response(200, json={"responses": [{"error": False, "data": "[]"}] * 3}),
        httpx.Response(200, json=[]),
        refusal("invalidparameter"),
    ],
)
async def test_a_batch_too_much_for_the_site_is_asked_singly(answer) -> None:
    moodle = Recorder(
        **{BATCH_FUNCTION: lambda _: answer, "core_course_get_contents": course}
    )
    async with site(moodle) as opened:
        assert names(await opened.contents_of([1, 2])) == ["Course 1", "Course 2"]
        assert opened.requests <= 5


async def test_a_site_that_is_down_is_not_asked_for_each_course() -> None:
    moodle = Recorder(
        **{
            BATCH_FUNCTION: lambda _: httpx.Response(502),
            "core_course_get_contents": lambda _: httpx.Response(502),
        }
    )
    async with site(moodle) as opened:
        with pytest.raises(SiteDownError):
            await opened.contents_of(range(30))
        assert opened.requests == 6


@pytest.mark.parametrize(
    "part",
    [
        {"error": True},
        {"error": True, "exception": "no JSON"},
        {"error": True, "exception": "[" * 100_000},
        {"error": False},
        {"error": False, "data": {"not": "a string"}},
        "text",
        None,
    ],
)
async def test_a_part_that_says_nothing_costs_only_its_call(part) -> None:
    parts = [{"error": False, "data": "[]"}, part]
    moodle = Recorder(
        **{BATCH_FUNCTION: lambda _: httpx.Response(200, json={"responses": parts})}
    )
    async with site(moodle) as opened:
        fine, odd = await opened.contents_of([1, 2])
    assert fine.value == []
    assert isinstance(odd.failure, NotAnswerableError)


async def test_halves_of_characters_do_not_stop_a_batch() -> None:
    text = json.dumps([{"id": 1, "name": "\ud800", "modules": []}], ensure_ascii=False)
    parts = {"responses": [{"error": False, "data": text}] * 2}

    def batch(_form):
        return httpx.Response(200, content=json.dumps(parts).encode())

    async with site(Recorder(**{BATCH_FUNCTION: batch})) as opened:
        answers = await opened.contents_of([1, 2])
    with pytest.raises(NotAnswerableError):
        _ = answers[0].value


async def test_nothing_outside_the_table_is_sent_not_even_inside_a_batch() -> None:
    moodle = Recorder(core_course_get_contents=course)
    envelope = Question(BATCH_FUNCTION, TypeAdapter(dict))
    allowed = Call(CONTENTS, {"courseid": 1})
    async with site(moodle) as opened:
        for question in (WRITES, envelope):
            with pytest.raises(InvalidRequestError):
                await opened.ask(question)
            with pytest.raises(InvalidRequestError):
                await opened.ask_many([allowed] * 40 + [Call(question)])
        assert opened.requests == 0
    async with site(moodle, token=None) as stranger:
        with pytest.raises(InvalidRequestError):
            await stranger.ask_many([allowed, allowed])
    assert moodle.asked == []


QUESTION_NAMES = st.sampled_from(sorted(QUESTIONS)) | st.sampled_from(
    ["core_user_update_users", "mod_page_view_page", BATCH_FUNCTION, "", "core_get_\x00"]
)


@given(st.lists(QUESTION_NAMES, min_size=1, max_size=8), st.booleans())
async def test_only_allowed_names_ever_reach_the_wire(functions, batches) -> None:
    moodle = Recorder(
        **{name: lambda _: httpx.Response(200, json=[]) for name in ALLOWED_FUNCTIONS}
    )
    if not batches:
        moodle.answers[BATCH_FUNCTION] = lambda _: refusal("accessexception")
    calls = [Call(Question(name, TypeAdapter(list))) for name in functions]
    async with site(moodle) as opened:
        try:
            await opened.ask_many(calls)
        except InvalidRequestError:
            assert moodle.asked == []
        else:
            assert set(functions) <= ALLOWED_FUNCTIONS
    for _, form in moodle.asked:
        assert form["wsfunction"] in ALLOWED_FUNCTIONS | {BATCH_FUNCTION}
        assert {name for name, _ in batched(form)} <= ALLOWED_FUNCTIONS


def entries(first, count):
    whole = json.loads(body_of("glossary_entries_letter_all.json"))
    return [{**whole["entries"][0], "id": number} for number in range(first, first + count)]


def glossary_of(sizes):
    """Answer for glossaries by number with so many entries each."""

    def part(form):
        number, start, limit = int(form["id"]), int(form["from"]), int(form["limit"])
        size = sizes[number]
        if size is None:
            return refusal("invalidparameter")
        rows = entries(number * 1000, size)
        return httpx.Response(
            200, json={"count": size, "entries": rows[start : start + limit]}
        )

    return part


async def test_glossaries_are_read_to_their_ends_in_few_requests() -> None:
    sizes = {1: 45, 2: 250, 3: None, 4: 0, 5: 101}
    moodle = Recorder(mod_glossary_get_entries_by_letter=glossary_of(sizes))
    async with site(moodle) as opened:
        answers = await opened.glossary_entries_of([1, 2, 3, 4, 5])
        assert opened.requests == 3
    assert isinstance(answers.pop(2).failure, InvalidRequestError)
    for number, answer in zip([1, 2, 4, 5], answers, strict=True):
        expected = list(range(number * 1000, number * 1000 + sizes[number]))
        assert [entry.id for entry in answer.value] == expected


async def test_a_glossary_whose_later_part_fails_is_not_half_a_glossary() -> None:
    whole = glossary_of({1: 150, 2: 5})

    def part(form):
        return refusal("accessexception") if int(form["from"]) else whole(form)

    async with site(Recorder(mod_glossary_get_entries_by_letter=part)) as opened:
        broken, fine = await opened.glossary_entries_of([1, 2])
    assert isinstance(broken.failure, AccessRefusedError)
    assert len(fine.value) == 5


async def test_a_glossary_that_changed_has_another_digest() -> None:
    sizes = {1: 120}
    moodle = Recorder(mod_glossary_get_entries_by_letter=glossary_of(sizes))
    async with site(moodle) as opened:
        (before,) = await opened.glossary_entries_of([1])
        (same,) = await opened.glossary_entries_of([1])
        sizes[1] = 121
        (after,) = await opened.glossary_entries_of([1])
    assert before.sha1 == same.sha1 != after.sha1


async def test_a_recorded_refusal_keeps_its_name_in_a_batch() -> None:
    moodle = Recorder(
        mod_assign_get_submission_status=lambda form: httpx.Response(
            200,
            content=recording(
                "submission_status_graded"
                if int(form["assignid"]) == 1
                else "submission_status_unknown"
            ).body,
        ),
        mod_forum_get_forum_discussions="forum_discussions_unknown",
    )
    async with site(moodle) as opened:
        graded, missing = await opened.submission_states([1, 2])
        news = await opened.discussions_of([1, 2])
    assert graded.value.graded
    assert isinstance(missing.failure, RecordMissingError)
    assert all(isinstance(answer.failure, UnexpectedAnswerError) for answer in news)


async def test_a_moodle_over_a_real_socket_gives_the_same_in_a_batch(
    services, demo_site
) -> None:
    host = demo_site.removeprefix("http://")
    async with open_site(host, allowed_hosts=frozenset({host})) as opened:
        await opened.sign_in("mina", "campus")
        courses = await opened.courses((await opened.site_info()).user_id)
        ids = [course.id for course in courses]
        before = opened.requests
        answers = await opened.contents_of([*ids, 999_999])
        assert opened.requests == before + 1
        singly = [await opened.contents(number) for number in ids]
        known = {place: answer.sha1 for place, answer in enumerate(answers[:-1])}
        again = await opened.contents_of(ids, known=known)
    assert answers.pop().failure
    assert [answer.value for answer in answers] == singly
    assert len(singly) > 1
    assert all(answer.unchanged for answer in again)
