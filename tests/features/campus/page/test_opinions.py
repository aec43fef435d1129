import reflex as rx

from studymaster.features.campus.page.opinions import against, report_form


def test_an_author_is_blocked_only_after_asking() -> None:
    text = str(
        against(
            "Mina Aalto",
            "an-id",
            is_reporting=rx.Var.create(value=False),
            on_report=rx.noop(),
            on_block=rx.noop(),
        )
    )
    for words in ("Report", "Block Mina Aalto?", "You can lift it under Buddies."):
        assert words in text


def test_a_report_says_why() -> None:
    text = str(report_form(hint="Three reports hide it.", on_submit=rx.noop()))
    for words in ("What is wrong with it?", "Three reports hide it.", "Send report"):
        assert words in text


def test_a_block_is_named_for_all_to_see() -> None:
    text = str(
        against(
            "Mina Aalto",
            "an-id",
            is_reporting=rx.Var.create(value=False),
            on_report=rx.noop(),
            on_block=rx.noop(),
        )
    )
    assert '"Block"' in text
    assert '"Block Mina Aalto"' in text


def test_what_was_reported_says_so_and_is_not_reported_again() -> None:
    text = str(
        against(
            "Mina Aalto",
            "an-id",
            is_reporting=rx.Var.create(value=False),
            is_reported=rx.Var.create(value=True),
            on_report=rx.noop(),
            on_block=rx.noop(),
        )
    )
    assert '"Reported"' in text
    assert "disabled:true" in text.replace(" ", "")
