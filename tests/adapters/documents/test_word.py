"""A Word file is read in the order in which a student reads it, page by page."""

from pathlib import Path

import pytest
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_BREAK

from studymaster.adapters import documents
from studymaster.adapters.documents import Finding, kinds
from tests.adapters.documents.samples import word, word_by_hand, zipped

LINE = "Water moves through the membrane from the dilute to the concentrated side. "


@pytest.fixture
def read(tmp_path: Path):
    return lambda write: documents.read(
        word(tmp_path / "script.docx", write), mimetype=kinds.DOCX
    )


@pytest.fixture
def read_body(tmp_path: Path):
    return lambda body: documents.read(
        word_by_hand(tmp_path / "script.docx", body), mimetype=kinds.DOCX
    )


def text(words: str) -> str:
    return f"<w:r><w:t>{words}</w:t></w:r>"


def test_headings_paragraphs_lists_and_tables_come_in_reading_order(read) -> None:
    def write(document: Document) -> None:
        document.add_heading("Osmosis", 1)
        document.add_paragraph("Water moves.")
        document.add_paragraph("downhill", style="List Bullet")
        document.add_paragraph("for free", style="List Number")
        table = document.add_table(2, 2)
        for cell, words in zip(
            (cell for row in table.rows for cell in row.cells),
            ["side", "salt", "left", "9 %"],
            strict=True,
        ):
            cell.text = words
        document.add_paragraph("The end.")

    reading = read(write)
    assert (reading.finding, reading.page_count) == (Finding.READY, 1)
    assert reading.pages == (
        "Osmosis\nWater moves.\n- downhill\n- for free\nside | salt\nleft | 9 %\nThe end.",
    )


def test_a_table_inside_a_table_is_read_in_its_cell(read) -> None:
    def write(document: Document) -> None:
        outer = document.add_table(1, 2)
        outer.cell(0, 0).text = "outer"
        outer.cell(0, 0).add_table(1, 2).cell(0, 1).text = "inner"
        outer.cell(0, 1).text = "last"

    assert read(write).pages == ("outer | inner | last",)


def test_a_page_break_begins_another_page(read) -> None:
    def write(document: Document) -> None:
        document.add_paragraph("one").add_run().add_break(WD_BREAK.PAGE)
        document.add_paragraph("two")
        document.add_section(WD_SECTION.NEW_PAGE)
        document.add_paragraph("three")
        document.add_section(WD_SECTION.CONTINUOUS)
        document.add_paragraph("still three")
        document.add_paragraph("four").paragraph_format.page_break_before = True

    assert read(write).pages == ("one", "two", "three\n\nstill three", "four")


def test_where_word_noted_its_pages_these_are_the_pages(read_body) -> None:
    turn = "<w:r><w:lastRenderedPageBreak/></w:r>"
    reading = read_body(
        f"<w:p>{text('one')}<w:r><w:br w:type='page'/></w:r></w:p>"
        f"<w:p>{turn}{text('two')}</w:p>"
        f"<w:p>{turn}</w:p>"
        f"<w:p>{text('begins on three, ')}{turn}{text('ends on four')}</w:p>"
        f"<w:tbl><w:tr><w:tc><w:p>{turn}{text('a row of five')}</w:p></w:tc></w:tr></w:tbl>"
    )
    assert reading.pages == (
        "one",
        "two",
        "begins on three,",
        "ends on four",
        "a row of five",
    )


def test_a_page_without_text_keeps_the_numbers_of_those_behind_it(read_body) -> None:
    turn = "<w:r><w:lastRenderedPageBreak/></w:r>"
    reading = read_body(
        f"<w:p>{text('one')}</w:p><w:p>{turn}</w:p><w:p>{turn}{text('x')}</w:p>"
    )
    assert reading.pages == ("one", "", "x")


def test_a_long_script_is_divided_at_its_headings(read) -> None:
    def write(document: Document) -> None:
        for chapter in range(1, 7):
            document.add_heading(f"Chapter {chapter}", 1)
            for _ in range(8):
                document.add_paragraph(LINE * 4)

    reading = read(write)
    assert [page.split("\n")[0] for page in reading.pages] == [
        f"Chapter {number}" for number in range(1, 7)
    ]


def test_a_chapter_of_many_pages_is_divided_between_paragraphs(read) -> None:
    reading = read(lambda document: [document.add_paragraph(LINE * 10) for _ in range(40)])
    assert reading.page_count > 4
    assert all(1_500 < len(page) <= 6_000 for page in reading.pages[:-1])
    assert all(page.startswith("Water") for page in reading.pages)
    assert "".join(reading.pages).count("Water") == 400


def test_headings_are_known_in_every_language_of_word(tmp_path: Path) -> None:
    style = (
        '<w:styles xmlns:w="w"><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/>'
        '</w:style><w:style w:styleId="Mein"><w:basedOn w:val="berschrift1"/></w:style>'
        "</w:styles>"
    )
    heading = "<w:p><w:pPr><w:pStyle w:val='Mein'/></w:pPr>"
    body = "".join(
        f"{heading}{text(f'Kapitel {number}')}</w:p><w:p>{text(LINE * 40)}</w:p>"
        for number in (1, 2, 3)
    )
    path = word_by_hand(tmp_path / "x.docx", body)
    document = f'<w:document xmlns:w="w"><w:body>{body}</w:body></w:document>'
    path = zipped(
        tmp_path / "skript.docx",
        {
            "word/document.xml": document,
            "word/styles.xml": style,
            "word/_rels/document.xml.rels": '<Relationships><Relationship Id="r1" '
            'Type="http://x/styles" Target="styles.xml"/></Relationships>',
            "[Content_Types].xml": (
                '<Types><Override ContentType="application/vnd.ms-word.document'
                '.macroEnabled.main+xml"/></Types>'
            ),
        },
    )
    pages = documents.read(path, mimetype=kinds.DOCX).pages
    assert [page.split("\n")[0] for page in pages] == [
        "Kapitel 1",
        "Kapitel 2",
        "Kapitel 3",
    ]


def test_text_boxes_controls_formulas_and_links_are_read_once(read_body) -> None:
    box = (
        '<mc:AlternateContent xmlns:mc="mc"><mc:Choice><w:txbxContent><w:p>'
        f"{text('in a box')}</w:p></w:txbxContent></mc:Choice>"
        f"<mc:Fallback><w:p>{text('in a box')}</w:p></mc:Fallback></mc:AlternateContent>"
    )
    reading = read_body(
        f"<w:p><w:r>{box}</w:r></w:p>"
        f"<w:sdt><w:sdtContent><w:p>{text('in a control')}</w:p></w:sdtContent></w:sdt>"
        '<w:p><m:oMath xmlns:m="m"><m:r><m:t>E=mc²</m:t></m:r></m:oMath></w:p>'
        f"<w:p><w:hyperlink>{text('a link')}</w:hyperlink></w:p>"
    )
    assert reading.pages == ("in a box\nin a control\nE=mc²\na link",)


def test_what_was_deleted_and_codes_of_fields_are_not_read(read_body) -> None:
    reading = read_body(
        f"<w:p><w:del>{text('wrong')}</w:del><w:ins>{text('right')}</w:ins>"
        "<w:r><w:instrText>PAGEREF _Toc1</w:instrText></w:r></w:p>"
    )
    assert reading.pages == ("right",)


def test_tab_stops_are_no_text_and_tabs_are(read_body) -> None:
    reading = read_body(
        "<w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr>"
        f"{text('a')}<w:r><w:tab/></w:r>{text('b')}<w:r><w:br/></w:r>{text('c')}</w:p>"
    )
    assert reading.pages == ("a\tb\nc",)


def test_a_footnote_stands_behind_its_paragraph(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "notes.docx",
        {
            "word/document.xml": f'<w:document xmlns:w="w"><w:p>{text("Claim.")}'
            '<w:r><w:footnoteReference w:id="2"/></w:r></w:p></w:document>',
            "word/footnotes.xml": '<w:footnotes xmlns:w="w"><w:footnote w:id="2"><w:p>'
            f"{text('Proof.')}</w:p></w:footnote></w:footnotes>",
            "word/_rels/document.xml.rels": '<Relationships><Relationship Id="r1" '
            'Type="http://x/footnotes" Target="/word/footnotes.xml"/></Relationships>',
            "[Content_Types].xml": "wordprocessingml.document.main+xml",
        },
    )
    assert documents.read(path, mimetype=kinds.DOCX).pages == ("Claim.\n(Proof.)",)


def test_a_file_without_words_says_so(read) -> None:
    assert read(lambda _: None).finding is Finding.NO_TEXT
