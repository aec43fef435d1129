import codecs
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.errors import InvalidInputError
from studymaster.features.exchange.rules import sheets
from studymaster.features.exchange.rules.sheets import Form, Role, Row
from studymaster.features.exchange.rules.types import Kind

FRONT, BACK, EXTRA, TAGS, DECK, KIND, SKIP = Role


def rows_of(text: str, sheet) -> list[Row]:
    return list(sheets.read_rows(io.StringIO(text, newline=""), sheet))


def told(text: str, *, form: Form = Form.BASIC):
    sheet = sheets.look_at(text.encode())
    return [sheets.read_row(row, sheet, form=form) for row in rows_of(text, sheet)]


@pytest.mark.parametrize(
    ("text", "delimiter", "roles"),
    [
        ("canis\tdog\nfelis\tcat\n", "\t", (FRONT, BACK)),
        ("canis;dog\nfelis;cat, small\n", ";", (FRONT, BACK)),
        ('canis,"dog; or so"\nfelis,"cat; or so"\n', ",", (FRONT, BACK)),
        ("canis|dog|x\nfelis|cat|y\n", "|", (FRONT, BACK, SKIP)),
        ("Question,Answer,Tags\nq,a,t\n", ",", (FRONT, BACK, TAGS)),
        ("deck,back,front,color\nd,b,f,c\n", ",", (DECK, BACK, FRONT, SKIP)),
        ("#separator:Semicolon\n#tags column:1\nt;q;a\n", ";", (TAGS, FRONT, BACK)),
        ("#separator:tab\n#columns:Back\tFront\nb\tf\n", "\t", (BACK, FRONT)),
        ("alone\n", ",", (FRONT,)),
    ],
)
def test_a_table_says_how_it_is_written(text, delimiter, roles) -> None:
    sheet = sheets.look_at(text.encode())
    assert (sheet.delimiter, sheet.roles) == (delimiter, roles)


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("fröhlich;x\n".encode(), "utf-8"),
        (codecs.BOM_UTF8 + "fröhlich;x\n".encode(), "utf-8-sig"),
        ("fröhlich;x\n".encode("utf-16"), "utf-16"),
        ("fröhlich;x\n".encode("cp1252"), "cp1252"),
        ("fröhlich;ö".encode()[:-1], "utf-8"),
    ],
)
def test_a_table_is_read_in_its_encoding(head, encoding) -> None:
    sheet = sheets.look_at(head)
    assert (sheet.encoding, sheet.rows[0][0]) == (encoding, "fröhlich")


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        (b"", "no cards"),
        (b"\n , \n\n"[:1], "no cards"),
        (b"PK\x03\x04\x00\x00", "neither an Anki package nor a table"),
        (b"a," * 60 + b"a\n", "at most 40 columns"),
    ],
)
def test_what_is_no_table_is_refused(head, sentence) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        sheets.look_at(head)


def test_rows_have_their_line_in_the_file_and_empty_ones_are_none() -> None:
    text = '#html:false\nfront,back\n\n"two\nlines",b\n,\nc,d\n'
    sheet = sheets.look_at(text.encode())
    rows = rows_of(text, sheet)
    assert rows == [Row(4, ["two\nlines", "b"]), Row(7, ["c", "d"])]
    assert sheet.rows[0][1] == "b"


def test_a_row_becomes_the_cards_of_its_form() -> None:
    (basic,) = told("canis,dog\n")
    (both,) = told("canis,dog\n", form=Form.REVERSED)
    (typed,) = told("canis,dog\n", form=Form.TYPED)
    (cloze,) = told("The {{c1::dog}} and the {{c2::cat}},more\n", form=Form.CLOZE)
    assert [one[2:] for one in basic.note.cards] == [("canis", "dog")]
    assert [one[2:] for one in both.note.cards] == [("canis", "dog"), ("dog", "canis")]
    assert (typed.note.kind, both.note.shared) == (Kind.TYPED, True)
    assert [one.ordinal for one in cloze.note.cards] == [1, 2]
    assert cloze.note.extra == "more"


def test_a_column_may_say_the_kind_the_deck_and_the_tags() -> None:
    text = "front,back,kind,deck,tags,extra\nq,a,Basic (and reversed card),A::B,x Y,e\n"
    (one,) = told(text)
    assert (len(one.note.cards), one.deck, one.tags) == (2, "A::B", ("x", "y"))
    assert one.note.extra == "e"


def test_html_is_read_only_where_the_table_says_so() -> None:
    (plain,) = told("<b>a</b> &amp; b,c\n")
    (html,) = told("#html:true\n<b>a</b> &amp; b,c\n")
    assert plain.note.cards[0].front == "<b>a</b> &amp; b"
    assert html.note.cards[0].front == "**a** & b"


@pytest.mark.parametrize(
    ("text", "form", "sentence"),
    [
        (",dog\n", Form.BASIC, "front is empty"),
        ("canis,\n", Form.BASIC, "back is empty"),
        ("no gap,\n", Form.CLOZE, "."),
        (f"{'x' * 100_001},b\n", Form.BASIC, "more than 100,000"),
    ],
)
def test_a_row_that_asks_nothing_says_why(text, form, sentence) -> None:
    sheet = sheets.look_at(b"a,b\n")
    (row,) = sheets.read_rows([text], sheet)
    with pytest.raises(InvalidInputError, match=sentence):
        sheets.read_row(row, sheet, form=form)


def test_columns_get_other_roles() -> None:
    sheet = sheets.look_at(b"a,b,c\nd,e,f\n")
    changed = sheets.parse_roles(["back", "front", "tags"], sheet=sheet)
    assert changed.roles == (BACK, FRONT, TAGS)
    for wrong in (["back"] * 3, ["skip"] * 3, ["front"], ["front", "x", "y"]):
        with pytest.raises(InvalidInputError):
            sheets.parse_roles(wrong, sheet=sheet)


cells = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\x00\r\x85\u2028\u2029"),
    max_size=30,
)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8), st.sampled_from(",;\t"))
def test_what_is_written_is_read_again(rows, delimiter) -> None:
    wanted = [(f"a{a}", f"b{b}") for a, b in rows]
    rows = [*wanted, ("=1+1", "-2"), ("'quoted", "@x"), ("+", "\tx")]
    text = sheets.write_rows([("front", "back"), *rows], delimiter=delimiter)
    assert all(not sheets.FORMULA.match(line) for line in text.split("\r\n"))
    sheet = sheets.look_at(text.encode())
    found = [tuple(row.cells) for row in rows_of(text, sheet)]
    assert [tuple(map(sheets._unguarded, row)) for row in found] == rows
