import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studymaster.features.flashcards.rules.language import (
    LONGEST_SEARCH,
    MOST_TERMS,
    WrongSearchError,
    parse,
)
from studymaster.features.flashcards.rules.search import (
    EVERY_CARD,
    Added,
    All,
    Either,
    Figure,
    Flag,
    Is,
    Name,
    Named,
    Not,
    Prop,
    Rated,
    Relation,
    Standing,
    Words,
    leaves,
    literally,
    read_pattern,
)


def word(text: str) -> Words:
    return Words(literally(text))


A, B, C = word("a"), word("b"), word("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", EVERY_CARD),
        ("  \n ", EVERY_CARD),
        ("a", A),
        ("a b", All((A, B))),
        ("a and b AND c", All((A, B, C))),
        ("a or b c", Either((A, All((B, C))))),
        ("a OR b", Either((A, B))),
        ("(a or b) c", All((Either((A, B)), C))),
        ("a(b)c", All((A, B, C))),
        ("((a))", A),
        ("-a", Not(A)),
        ("--a", A),
        ("-(a b)", Not(All((A, B)))),
        ("(-a)", Not(A)),
        ("order android", All((word("order"), word("android")))),
        ('"a b"', word("a b")),
        ("“a b”", word("a b")),
        ('-"a b"', Not(word("a b"))),
        (r'"say \"a\""', word('say "a"')),
        ('"or"', word("or")),
        ('a"b"', All((A, B))),
        ("cell-wall", word("cell-wall")),
        ("a - b", All((A, word("-"), B))),
        ("3:1 12:30", All((word("3:1"), word("12:30")))),
        ("std::map https://a.b", All((word("std::map"), word("https://a.b")))),
        (r"\pi", word(r"\pi")),
        (r"\(a\)", word("(a)")),
        (r"dek\:x", word("dek:x")),
        ('"dek:x"', word("dek:x")),
        (r'"deck\:x"', word("deck:x")),
        ("d*g", Words(read_pattern("d*g"))),
        ("deck:latin", Named(Name.DECK, literally("latin"))),
        ('deck:"two words"', Named(Name.DECK, literally("two words"))),
        ('"deck:two words"', Named(Name.DECK, literally("two words"))),
        ("DECK:a::b", Named(Name.DECK, literally("a::b"))),
        ("course:bio*", Named(Name.COURSE, read_pattern("bio*"))),
        ("tag:#exam", Named(Name.TAG, literally("exam"))),
        ("source:/x.pdf", Named(Name.SOURCE, literally("/x.pdf"))),
        ("is:due", Is(Standing.DUE)),
        ("is:New", Is(Standing.NEW)),
        ("is:learn", Is(Standing.LEARN)),
        ("is:suspended", Is(Standing.SUSPENDED)),
        ("-is:leech", Not(Is(Standing.LEECH))),
        ("flag:0 flag:7", All((Flag(0), Flag(7)))),
        ("added:7", Added(7)),
        ("rated:3", Rated(3)),
        ("rated:3:1", Rated(3, 1)),
        ("prop:ivl>30", Prop(Figure.INTERVAL, Relation.MORE, 30)),
        ("prop:ivl>=30", Prop(Figure.INTERVAL, Relation.AT_LEAST, 30)),
        ("prop:ease<1.5", Prop(Figure.EASE, Relation.LESS, 150)),
        ("prop:ease!=2.36", Prop(Figure.EASE, Relation.OTHER, 236)),
        ("prop:due=-1", Prop(Figure.DUE, Relation.EQUAL, -1)),
        ("is:buried", Is(Standing.BURIED)),
        ("prop:lapses>=8", Prop(Figure.LAPSES, Relation.AT_LEAST, 8)),
        ("prop:stability>21", Prop(Figure.STABILITY, Relation.MORE, 2_100)),
        ("prop:difficulty<7.5", Prop(Figure.DIFFICULTY, Relation.LESS, 750)),
        (
            "prop:Retrievability<0.85",
            Prop(Figure.RETRIEVABILITY, Relation.LESS, 85),
        ),
        ("prop:reps<=0", Prop(Figure.ANSWERS, Relation.AT_MOST, 0)),
    ],
)
def test_a_search_is_read_as_anki_reads_it(text: str, tree) -> None:
    assert parse(text) == tree


KNOWN = "deck:, course:, tag:, source:, is:, flag:, added:, rated:, prop:"


@pytest.mark.parametrize(
    ("text", "marked", "sentence"),
    [
        ("and", (0, 3), "Character 1: expected a word, not “and”."),
        ("a or", (4, 4), "Character 5: expected a word, but the search ends here."),
        ("a or or b", (5, 7), "Character 6: expected a word, not “or”."),
        ("()", (1, 2), "Character 2: expected a word, not “)”."),
        ("-()", (2, 3), "Character 3: expected a word, not “)”."),
        (
            "a)",
            (1, 2),
            "Character 2: no parenthesis is open, expected a word, not “)”.",
        ),
        (
            "a (b (c)",
            (2, 3),
            "Character 3: expected a second parenthesis for the one that opens here.",
        ),
        (
            'a "b',
            (2, 3),
            "Character 3: expected a second quotation mark for the one that opens here.",
        ),
        (
            r'deck:"b\"',
            (5, 6),
            "Character 6: expected a second quotation mark for the one that opens here.",
        ),
        (
            '-""',
            (1, 3),
            "Character 2: expected words between these quotation marks.",
        ),
        (
            "a dek:b",
            (2, 6),
            (
                f"Character 3: “dek:” is no keyword; expected {KNOWN} or quotation marks "
                "around it."
            ),
        ),
        ("a deck: b", (7, 7), "Character 8: after “deck:” comes a name."),
        ('tag:""', (4, 6), 'Character 5: after “tag:” comes a name, not “""”.'),
        (
            "a (is:dew)",
            (6, 9),
            (
                "Character 7: after “is:” comes due, new, learn, suspended, buried or leech, "
                "not “dew”."
            ),
        ),
        (
            '"is:so so"',
            (4, 9),
            (
                "Character 5: after “is:” comes due, new, learn, suspended, buried or leech, not "
                "“so so”."
            ),
        ),
        (
            "flag:8",
            (5, 6),
            (
                "Character 6: after “flag:” comes a number from 1 to 7, or 0 for no flag, "
                "not “8”."
            ),
        ),
        (
            "added:0",
            (6, 7),
            "Character 7: after “added:” comes a number of days (added:7), not “0”.",
        ),
        (
            "rated:3:5",
            (6, 9),
            (
                "Character 7: after “rated:” comes a number of days (rated:3), and a button "
                "from 1 to 4 (rated:3:1), not “3:5”."
            ),
        ),
        (
            "prop:ivl=a-long-long-long-long-word",
            (5, 35),
            (
                "Character 6: after “prop:” comes ivl, due, reps, ease, lapses, stability, "
                "difficulty or retrievability against a number (ivl>30, ease<1.5), not “ivl=a-long-long-long-lo…”."
            ),
        ),
    ],
)
def test_a_wrong_search_says_where_it_is_wrong(
    text: str, marked: tuple[int, int], sentence: str
) -> None:
    with pytest.raises(WrongSearchError) as error:
        parse(text)
    assert (error.value.start, error.value.end) == marked
    assert error.value.message == sentence


@pytest.mark.parametrize(
    "text",
    [
        "added:-1",
        "added:36501",
        "added:٣",
        "rated:99999",
        "rated:",
        "rated:3:",
        "prop:ivl",
        "prop:ivl>1.5",
        "prop:lapses>1.5",
        "prop:stability>-1",
        "prop:ease<-1",
        "prop:ease<1.555",
        "prop:due>36501",
        "prop:due<-36501",
        "prop:s>1",
        "flag:",
        "flag:red",
        "is:",
    ],
)
def test_numbers_that_no_card_can_have_are_refused(text: str) -> None:
    with pytest.raises(WrongSearchError, match=": after “"):
        parse(text)


@pytest.mark.parametrize(
    "text", ["x" * (LONGEST_SEARCH + 1), " ".join("a" * (MOST_TERMS + 1))]
)
def test_a_search_has_bounds(text: str) -> None:
    with pytest.raises(WrongSearchError, match="Search with up to 40 conditions and 500"):
        parse(text)


def test_the_deepest_search_is_read() -> None:
    nested = "a"
    for _ in range(MOST_TERMS - 1):
        nested = f"-({nested} b)"
    assert sum(1 for _ in leaves(parse(nested))) == MOST_TERMS
    assert parse("-" * (LONGEST_SEARCH - 1) + "a") == Not(A)
    assert parse("(" * 240 + "a" + ")" * 240) == A


signs = st.sampled_from('()"-:*_\\ <>=.,“a1日\n\x00\ud800')
words = st.sampled_from(
    ["or ", "and ", "deck:", "is:", "prop:", "flag:", "ivl", "due", "rated:3:1"]
)


@given(st.text(max_size=60) | st.lists(signs | words, max_size=20).map("".join))
@example('"\\"')
@example('a:"')
def test_any_text_is_read_or_says_where_it_is_wrong(text: str) -> None:
    problem = find_problem(text)
    if problem is not None:
        assert 0 <= problem.start <= problem.end <= len(problem.text) == len(text)
        assert problem.message.startswith(f"Character {problem.start + 1}: ")


def find_problem(text: str) -> WrongSearchError | None:
    try:
        parse(text)
    except WrongSearchError as error:
        return error
    return None
