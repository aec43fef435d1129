import re

import pytest
import reflex as rx

from studymaster.features.accounts.page import browser_way, host, sign_in
from studymaster.features.accounts.page import settings as settings_page
from studymaster.features.accounts.schemas import CHOICES


def settings() -> str:
    return str(settings_page.page(theme_saved=rx.noop()))


def test_the_sign_in_form_posts_by_itself_every_field_that_the_server_reads() -> None:
    text = str(sign_in.page())
    assert 'action:"/api/v1/auth/login"' in text
    assert 'method:"post"' in text
    assert "onSubmit" not in text
    fields = [
        "way",
        "site",
        "username",
        "password",
        "token",
        "email",
        "display_name",
        "next",
        "time_zone",
    ]
    for name in fields:
        assert f'name:"{name}"' in text, name


def test_the_four_ways_in_are_offered_with_words() -> None:
    text = str(sign_in.page())
    for value, words in sign_in.WAYS:
        assert f'"{value}"' in text
        assert words in text


def test_each_way_shows_its_own_fields_and_one_password() -> None:
    text = str(sign_in.page())
    assert '"data-for":"moodle token"' in text
    assert text.count('type:"password"') == 1
    assert '"data-for":"local register"' in text


def test_a_password_that_is_being_chosen_is_not_filled_in_by_the_browser() -> None:
    text = str(sign_in.page())
    assert '["register"] : "new-password"' in text


def test_who_owns_a_group_reads_what_its_link_tells_of_them() -> None:
    assert "Who holds the link to a group that you own also sees your name" in settings()


def test_the_hour_of_the_day_is_written_as_in_its_list() -> None:
    assert '< 10) ? "0" : ""' in settings()


def test_a_problem_stands_next_to_the_form_and_is_spoken() -> None:
    assert 'role:"alert"' in str(sign_in.page())


def test_no_secret_is_ever_filled_in() -> None:
    text = str(sign_in.page())
    for name in ("password", "token"):
        field = text.split(f'name:"{name}"', maxsplit=1)[0].rsplit('jsx("input"', 1)[1]
        assert "defaultValue" not in field


def test_the_sign_in_page_has_one_h1_and_a_main_landmark() -> None:
    text = str(sign_in.page())
    assert text.count('jsx("h1"') == 1
    assert text.count('jsx("main"') == 1


def test_the_settings_hold_look_day_sessions_and_moodle() -> None:
    text = settings()
    for words in (
        "Like my device",
        "Dark",
        "Light",
        "Time zone",
        "The day starts at",
        "Where you are signed in",
        "No Moodle is connected. Connect one first",
    ):
        assert words in text, words


def test_ending_a_session_says_which() -> None:
    assert "End the session on" in settings()
    assert "End all others" in settings()


def test_the_demo_is_one_press_away_and_needs_no_script() -> None:
    form = str(sign_in.page()).split("Try the demo")[0].rsplit('jsx("form"', 1)[1]
    for name, value in (("username", "robin"), ("password", "campus"), ("way", "moodle")):
        assert f'name:"{name}"' in form
        assert f'"{value}"' in form
    assert 'type:"hidden"' in form


def test_why_a_way_failed_is_said_only_beside_that_way() -> None:
    text = str(sign_in.page())
    assert re.search(r'"data-for":[^,}]*\.way[^,}]*,role:"alert"', text)


def test_the_way_through_the_browser_is_three_steps_with_a_picture() -> None:
    text = str(sign_in.page())
    for words in (
        "Sign in through the browser",
        "Open the sign-in page",
        "Copy the link on the page that follows",
        "Paste it here",
        "The link from Moodle",
        "My screen looks different",
        "Start again",
        "Sign in another way",
        'role:"img"',
        'target:"_blank"',
        'rel:"noopener noreferrer"',
    ):
        assert words in text, words
    for name in ("Firefox", "Chrome", "Safari", "phone"):
        assert name in " ".join(seen for seen, _ in browser_way.HELP)


def test_no_field_of_the_sign_in_page_shares_its_id() -> None:
    ids = re.findall(r'jsx\("(?:input|select)",\{[^{}]*?id:"([^"]+)"', str(sign_in.page()))
    assert len(ids) == len({*ids}) > 3


@pytest.mark.parametrize(
    "words", ["Your name", "Change your e-mail address", "Change your password"]
)
def test_the_settings_let_a_student_change_who_they_are(words) -> None:
    assert words in settings()


def test_no_field_of_the_settings_shares_its_id() -> None:
    ids = re.findall(r'jsx\("(?:input|select)",\{[^{}]*?id:"([^"]+)"', settings())
    assert len(ids) == len({*ids})


def test_an_address_can_lead_to_the_students_data() -> None:
    text = settings()
    assert 'place:"your-data"' in text
    assert 'id:"your-data"' in text


@pytest.mark.parametrize(
    "words",
    [
        "AI endpoint",
        "What leaves this server",
        "Test it",
        "When a sync brought something new",
        "Show me on the leaderboard",
        "Let me be found as a study buddy",
        "Nobody sees your grades",
        "Sync by itself",
        "Propose cards after a sync",
        "Export my data",
        "Delete my account for good",
        "Gone for good",
        "What stays, without your name",
    ],
)
def test_the_settings_say_what_is_chosen_and_what_it_means(words) -> None:
    assert words in settings()


def test_the_switches_of_the_sync_wait_until_a_moodle_is_connected() -> None:
    asked, _, answer = settings().partition(".connections")
    connected, _, unconnected = answer.partition("No Moodle is connected.")
    assert "Sync by itself" not in asked
    assert "Sync by itself" in connected
    assert "Propose cards after a sync" in connected
    assert 'to:"/live-sync"' in unconnected.split("Connect a Moodle")[0]


def test_the_switch_for_proposals_says_that_the_first_sync_makes_none() -> None:
    assert "after a course's first sync, up to five a sync" in settings()


def test_every_switch_of_the_account_is_on_the_page_once() -> None:
    text = settings()
    here = {*CHOICES} - {"grade_insight"}  # it stands beside the grades
    assert text.count('role:"switch"') == len(here) + 1  # and mail
    for name in here:
        assert f'"{name}"' in text, name


def test_mail_is_shown_only_where_it_is_sent_and_says_where_to() -> None:
    before, _, after = settings().partition('"By e-mail too"')
    assert "mail_offered" in before[-1500:]
    assert '"To "+' in after.replace(" ", "")[:1500].replace('"To"', '"To "')
    assert "There is no e-mail address in your account" in after


def test_the_key_of_the_model_is_never_filled_in() -> None:
    field = settings().split('name:"ai_key"')[0].rsplit('jsx("input"', 1)[1]
    assert "defaultValue" not in field


def test_a_choice_of_the_look_stays_on_one_line() -> None:
    assert "whitespace-nowrap" in settings().split("Like my device")[0][-1500:]


def test_the_hosts_page_is_drawn_for_hosts_and_others_are_shown_the_way_back() -> None:
    text = str(host.page())
    assert "This station does not exist." in text
    assert 'to:"/"' in text
    for words in (
        "What it stands on",
        "Failed tasks",
        "Mark all as seen",
        "Beat and workers",
    ):
        assert words in text, words


def test_a_phone_is_shown_a_finger_and_a_computer_a_menu_of_the_mouse() -> None:
    text = str(sign_in.page())
    assert text.count('role:"img"') == 2
    for words in ("hold your finger on it", "right-click it", "Copy link address"):
        assert words in text
    assert '"max-sm:hidden"' in text
    assert '"sm:hidden"' in text
