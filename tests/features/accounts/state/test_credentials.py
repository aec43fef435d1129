"""Name, address and password, as a tab changes them."""

import pytest

from studymaster.errors import InvalidInputError, SignInError, TooManyRequestsError
from studymaster.features.accounts.schemas import FieldProblem
from studymaster.features.accounts.state import CredentialsState
from tests.features.accounts.test_state import signed_in
from tests.tabs import open_tab, tab_of

PASSWORD = "correct horse"


@pytest.fixture
async def tab(empty_database) -> CredentialsState:
    """Mina's settings; she has a local account."""
    tokens, _ = await signed_in("mina")
    tab = open_tab(CredentialsState, access=tokens.access)
    await CredentialsState.load.fn(tab)
    return tab


def email(address: str, password: str = PASSWORD) -> dict[str, str]:
    return {"email": address, "current_password": password}


def password(new: str, current: str = PASSWORD) -> dict[str, str]:
    return {"new_password": new, "current_password": current}


async def test_name_and_address_are_shown(tab) -> None:
    assert (tab.display_name, tab.email, tab.has_password) == ("mina", "mina@uni.edu", True)


async def test_each_change_is_kept_shown_and_told_in_its_form(tab) -> None:
    await CredentialsState.save_name.fn(tab, {"display_name": "Mina Laine"})
    assert (tab.place, tab.display_name) == ("name", "Mina Laine")
    assert tab.note.startswith("Your name is changed.")
    await CredentialsState.save_email.fn(tab, email("laine@uni.edu"))
    assert (tab.place, tab.email) == ("email", "laine@uni.edu")
    await CredentialsState.save_password.fn(tab, password("battery staple"))
    assert (tab.place, tab.saved) == ("password", 3)
    assert "signed out everywhere but here" in tab.note


@pytest.mark.parametrize(
    ("event", "form", "field"),
    [
        (CredentialsState.save_name, {"display_name": " "}, "display_name"),
        (CredentialsState.save_name, {}, "display_name"),
        (CredentialsState.save_email, email("nowhere"), "email"),
        (CredentialsState.save_email, email("a@b.edu", "wrong"), "current_password"),
        (CredentialsState.save_email, {}, "current_password"),
        (CredentialsState.save_password, password("short"), "new_password"),
        (
            CredentialsState.save_password,
            password("battery staple", "x"),
            "current_password",
        ),
        (CredentialsState.save_password, {}, "current_password"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(tab, event, form, field) -> None:
    answer = await event.fn(tab, form)
    assert tab.problem.field == field
    assert tab.problem.sentence.endswith(".")
    assert field in str(answer)
    assert (tab.note, tab.saved, tab.email) == ("", 0, "mina@uni.edu")


async def test_a_problem_goes_with_the_next_try(tab) -> None:
    await CredentialsState.save_name.fn(tab, {"display_name": ""})
    await CredentialsState.save_name.fn(tab, {"display_name": "Mina"})
    assert tab.problem == FieldProblem()


async def test_no_password_stays_in_the_tab(tab) -> None:
    await CredentialsState.save_password.fn(tab, password("battery staple", "wrong one"))
    await CredentialsState.save_password.fn(tab, password("battery staple"))
    for secret in ("battery staple", "wrong one", PASSWORD):
        assert secret not in str(tab.dict())


async def test_guessing_the_password_is_slowed_down(tab) -> None:
    for _ in range(10):
        await CredentialsState.save_email.fn(tab, email("a@b.edu", "a wrong guess"))
    with pytest.raises(TooManyRequestsError):
        await CredentialsState.save_password.fn(tab, password("battery staple"))


async def test_who_signs_in_with_moodle_changes_only_the_name(student) -> None:
    tab = tab_of(student, CredentialsState)
    await CredentialsState.load.fn(tab)
    assert not tab.has_password
    await CredentialsState.save_name.fn(tab, {"display_name": "Mina"})
    assert tab.display_name == "Mina"
    with pytest.raises(InvalidInputError, match="sign in with Moodle"):
        await CredentialsState.save_email.fn(tab, email("mina@uni.edu"))


async def test_a_visitor_changes_nothing(empty_database) -> None:
    for event in (
        CredentialsState.save_name,
        CredentialsState.save_email,
        CredentialsState.save_password,
    ):
        with pytest.raises(SignInError):
            await event.fn(open_tab(CredentialsState), {})
