from studymaster.ui.written import PACKAGES, Written


def test_a_text_brings_what_its_markdown_needs() -> None:
    shown = Written.create(text="- one\n- two", class_name="font-study")
    assert set(PACKAGES) <= set(shown.lib_dependencies)
    assert "font-study" in str(shown.render())
