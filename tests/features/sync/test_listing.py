"""What Moodle lists gets names that a student can tell apart."""

from studymaster.adapters.moodle.translate import FileEntry, Module, Section
from studymaster.features.sync.service import listed_materials


def entry(name: str, folder: str = "/", content: str = "") -> FileEntry:
    return FileEntry(
        name=name, folder=folder, size=9, url="https://uni.edu/f", content=content
    )


def names(kind: str, *files: FileEntry) -> list[str]:
    module = Module(id=7, kind=kind, name="Sheets", files=files)
    section = Section(id=1, name="Week 1", modules=(module,))
    return [item.name for item in listed_materials([section], inline=[])]


def test_files_of_a_folder_are_named_as_they_are() -> None:
    files = entry("Sheet 1.pdf"), entry("Sheet 2.pdf", "/Week 2/")
    assert names("folder", *files) == ["Sheet 1.pdf", "Sheet 2.pdf"]


def test_files_of_a_folder_that_share_a_name_say_where_they_lie() -> None:
    files = (
        entry("Sheet 1.pdf", "/Linear maps/"),
        entry("Sheet 1.pdf", "/Vectors/Old/"),
        entry("Sheet 1.pdf"),
        entry("Notes.pdf", "/Vectors/"),
    )
    assert names("folder", *files) == [
        "Linear maps/Sheet 1.pdf",
        "Vectors/Old/Sheet 1.pdf",
        "Sheet 1.pdf",
        "Notes.pdf",
    ]


def test_the_title_of_a_chapter_is_read_as_a_reader_sees_it() -> None:
    chapter = entry("index.html", "/1/", content="Liberty &amp; equality")
    assert names("book", chapter) == ["Sheets: Liberty & equality"]
