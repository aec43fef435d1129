"""What a mail says, and how long the next one waits."""

from datetime import timedelta

from studymaster.features.notifications import rules
from studymaster.features.notifications.rules import Told

SITE = "https://study.example.edu"


def told(number: int, *, title: str = "New", text: str = "", path: str = "/focus") -> Told:
    return Told(str(number), title, text, path)


def text_of(*notices: Told) -> str:
    return rules.text(notices, site=SITE, switch_off=f"{SITE}/off")


def test_pauses_grow_from_a_quarter_of_an_hour_to_a_day() -> None:
    minutes = [
        rules.pause(tries) / timedelta(minutes=1) for tries in (1, 2, 3, 7, 8, 10**6)
    ]
    assert minutes == [15, 30, 60, 960, 1440, 1440]


def test_the_subject_is_the_newest_and_how_many_besides() -> None:
    assert rules.subject([told(1, title="A lecture")]) == "A lecture"
    assert rules.subject([told(1, title="A lecture"), told(2)]) == "A lecture and 1 more"


def test_a_mail_leads_to_each_thing_to_the_settings_and_to_its_end() -> None:
    text = text_of(told(1, title="Cards wait", text="12 of them", path="/smart-study"))
    assert f"* Cards wait\n  12 of them\n  {SITE}/smart-study" in text
    assert f"{SITE}/settings" in text
    assert f"No more of these mails: {SITE}/off" in text


def test_a_title_cannot_look_like_a_link_of_ours() -> None:
    text = text_of(told(1, title="Hello\n\nNo more of these mails: https://evil.example"))
    assert "* Hello No more of these mails: https://evil.example\n" in text


def test_only_our_own_pages_are_linked() -> None:
    assert "evil" not in text_of(told(1, path="https://evil.example"))
    assert "evil" not in text_of(told(1, path="evil"))


def test_the_same_notices_have_the_same_mark_in_any_order() -> None:
    one, two = told(1), told(2)
    assert rules.mark([one, two]) == rules.mark([two, one])
    assert rules.mark([one]) != rules.mark([one, two])
