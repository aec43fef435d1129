"""What Moodle lists gets names that a student can tell apart."""

from dataclasses import replace

from studymaster.adapters.moodle.translate import FileEntry, Module, Section
from studymaster.features.sync.service import listed_course, note_texts, read_stored


def entry(name: str, folder: str = "/", content: str = "") -> FileEntry:
    return FileEntry(
        name=name, folder=folder, size=9, url="https://uni.edu/f", content=content
    )


def names(kind: str, *files: FileEntry) -> list[str]:
    module = Module(id=7, kind=kind, name="Sheets", files=files)
    section = Section(id=1, name="Week 1", modules=(module,))
    return [item.name for item in listed_course([section], inline=[]).materials]


def test_files_of_a_folder_are_named_after_it_and_as_they_are() -> None:
    files = entry("Sheet 1.pdf"), entry("Sheet 2.pdf", "/Week 2/")
    assert names("folder", *files) == ["Sheets: Sheet 1.pdf", "Sheets: Sheet 2.pdf"]


def test_files_of_a_folder_that_share_a_name_say_where_they_lie() -> None:
    files = (
        entry("Sheet 1.pdf", "/Linear maps/"),
        entry("Sheet 1.pdf", "/Vectors/Old/"),
        entry("Sheet 1.pdf"),
        entry("Notes.pdf", "/Vectors/"),
    )
    assert names("folder", *files) == [
        "Sheets: Linear maps/Sheet 1.pdf",
        "Sheets: Vectors/Old/Sheet 1.pdf",
        "Sheets: Sheet 1.pdf",
        "Sheets: Notes.pdf",
    ]


def test_the_title_of_a_chapter_is_read_as_a_reader_sees_it() -> None:
    chapter = entry("index.html", "/1/", content="Liberty &amp; equality")
    assert names("book", chapter) == ["Sheets: Liberty & equality"]


def label(markup: str, *, name: str = "As it was named") -> Section:
    module = Module(id=7, kind="label", name=name, description_html=markup)
    return Section(id=1, name="Week 1", modules=(module,))


def test_a_label_is_named_by_what_it_says_now() -> None:
    (item,) = listed_course([label("<p>Read <b>chapter 2</b></p>")], inline=[]).materials
    assert (item.name, item.text_sha1) == ("Read chapter 2", None)
    (empty,) = listed_course([label("")], inline=[]).materials
    assert empty.name == "As it was named"


def test_a_label_with_much_to_say_is_a_text_to_read(tmp_path) -> None:
    section = label(f"<p>{'Cells divide. ' * 60}</p>")
    (text,) = note_texts([section])
    (item,) = listed_course([section], inline=[text]).materials
    assert (item.text_sha1, item.mimetype) == (text.sha1, "text/html")
    assert len(item.name) <= 120
    (tmp_path / "label").write_bytes(text.data)
    reading = read_stored(tmp_path / "label", mimetype=text.mimetype)
    assert reading.finding == "ready"
    assert note_texts([label("<p>Week 1</p>")]) == []


def test_what_lies_in_another_place_is_a_link() -> None:
    outside = replace(entry("Slides.pdf"), external=True, url="https://drive.example/x")
    module = Module(id=7, kind="resource", name="Slides", files=(outside,))
    section = Section(id=1, name="Week 1", modules=(module,))
    (item,) = listed_course([section], inline=[]).materials
    assert (item.kind, item.has_file) == ("link", False)
    assert item.address == "https://drive.example/x"


def test_the_order_of_a_course_is_kept_with_its_sections() -> None:
    weeks = [
        Section(
            id=number,
            number=number,
            name=f"Week {number}",
            summary_html="<p>About <i>cells</i></p>",
            modules=(Module(id=number, kind="quiz", name=f"Quiz {number}"),),
        )
        for number in (3, 1)
    ]
    found = listed_course(weeks, inline=[])
    assert [(one.number, one.summary) for one in found.sections] == [
        (3, "About cells"),
        (1, "About cells"),
    ]
    assert [(one.name, one.position, one.section) for one in found.materials] == [
        ("Quiz 3", 0, 3),
        ("Quiz 1", 1, 1),
    ]
