"""One slide is one page, as a student counts them."""

from pathlib import Path

import pytest
from pptx.presentation import Presentation
from pptx.util import Inches

from studymaster.adapters import documents
from studymaster.adapters.documents import PAGE_LIMIT, Finding, kinds
from tests.adapters.documents.samples import PPTX_TYPES, slides, zipped

TITLE_AND_TEXT, BLANK = 1, 6


@pytest.fixture
def read(tmp_path: Path):
    return lambda write: documents.read(
        slides(tmp_path / "lecture.pptx", write), mimetype=kinds.PPTX
    )


def test_title_text_tables_groups_and_notes_come_in_order(read) -> None:
    def write(presentation: Presentation) -> None:
        slide = presentation.slides.add_slide(presentation.slide_layouts[TITLE_AND_TEXT])
        frame = slide.placeholders[1].text_frame
        frame.text = "Rods see light"
        deeper = frame.add_paragraph()
        deeper.text, deeper.level = "even at night", 1
        group = slide.shapes.add_group_shape()
        inner = group.shapes.add_group_shape()
        inner.shapes.add_textbox(0, 0, 9, 9).text_frame.text = "in a group"
        table = slide.shapes.add_table(1, 2, 0, 0, Inches(1), Inches(1)).table
        table.cell(0, 0).text, table.cell(0, 1).text = "cones", "colour"
        slide.notes_slide.notes_text_frame.text = "Show the film.\nThen ask."
        slide.shapes.title.text = "The retina"

    assert read(write).pages == (
        (
            "The retina\nRods see light\n  even at night\nin a group\n"
            "cones | colour\n\nNotes: Show the film.\nThen ask."
        ),
    )


def test_a_slide_without_text_keeps_the_numbers_of_those_behind_it(read) -> None:
    def write(presentation: Presentation) -> None:
        for title in ("first", "", "third"):
            layout = presentation.slide_layouts[TITLE_AND_TEXT if title else BLANK]
            slide = presentation.slides.add_slide(layout)
            if title:
                slide.shapes.title.text = title

    reading = read(write)
    assert (reading.pages, reading.page_count) == (("first", "", "third"), 3)


def test_slides_come_in_the_order_in_which_they_are_shown(read) -> None:
    def write(presentation: Presentation) -> None:
        for title in ("made first", "made second"):
            layout = presentation.slide_layouts[TITLE_AND_TEXT]
            presentation.slides.add_slide(layout).shapes.title.text = title
        order = presentation.slides._sldIdLst
        order.insert(0, order[1])

    assert read(write).pages == ("made second", "made first")


def test_a_presentation_of_pictures_has_pages_but_no_text(read) -> None:
    def write(presentation: Presentation) -> None:
        presentation.slides.add_slide(presentation.slide_layouts[BLANK])

    reading = read(write)
    assert (reading.finding, reading.page_count) == (Finding.NO_TEXT, 1)


def test_ten_thousand_slides_are_counted_and_read_up_to_the_limit(tmp_path: Path) -> None:
    numbers = range(1, 10_001)
    listing = "".join(f'<p:sldId id="{n}" r:id="r{n}"/>' for n in numbers)
    relations = "".join(
        f'<Relationship Id="r{n}" Type="x/slide" Target="slides/{n}.xml"/>' for n in numbers
    )
    path = zipped(
        tmp_path / "endless.pptx",
        {
            "[Content_Types].xml": PPTX_TYPES,
            "ppt/presentation.xml": f'<p:p xmlns:p="p" xmlns:r="r">{listing}</p:p>',
            "ppt/_rels/presentation.xml.rels": f"<R>{relations}</R>",
        }
        | {
            f"ppt/slides/{n}.xml": f'<p:sp xmlns:p="p"><p:p><p:t>slide {n}</p:t></p:p></p:sp>'
            for n in numbers
        },
    )
    reading = documents.read(path, mimetype=kinds.PPTX)
    assert (len(reading.pages), reading.page_count) == (PAGE_LIMIT, 10_000)
    assert reading.pages[-1] == f"slide {PAGE_LIMIT}"


def test_one_broken_slide_does_not_cost_the_others(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "broken.pptx",
        {
            "[Content_Types].xml": PPTX_TYPES,
            "ppt/presentation.xml": (
                '<p:p xmlns:p="p" xmlns:r="r"><p:sldId r:id="r1"/><p:sldId r:id="r2"/></p:p>'
            ),
            "ppt/_rels/presentation.xml.rels": (
                '<R><Relationship Id="r1" Type="x/slide" Target="a.xml"/>'
                '<Relationship Id="r2" Type="x/slide" Target="b.xml"/></R>'
            ),
            "ppt/a.xml": "<p><t>cut o",
            "ppt/b.xml": "<p><t>whole</t></p>",
        },
    )
    assert documents.read(path, mimetype=kinds.PPTX).pages == ("", "whole")


def test_words_in_a_diagram_are_read(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "diagram.pptx",
        {
            "[Content_Types].xml": PPTX_TYPES,
            "ppt/presentation.xml": '<p:p xmlns:p="p" xmlns:r="r"><p:sldId r:id="r1"/></p:p>',
            "ppt/_rels/presentation.xml.rels": (
                '<R><Relationship Id="r1" Type="x/slide" Target="slides/a.xml"/></R>'
            ),
            "ppt/slides/a.xml": "<sp><p><t>Cycle</t></p></sp>",
            "ppt/slides/_rels/a.xml.rels": (
                '<R><Relationship Id="r1" Type="x/diagramData" Target="../d.xml"/></R>'
            ),
            "ppt/d.xml": "<pt><t><p><r><t>citrate</t></r></p></t></pt>",
        },
    )
    assert documents.read(path, mimetype=kinds.PPTX).pages == ("Cycle\ncitrate",)
