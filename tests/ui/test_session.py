"""A tab whose session is over leads to sign-in and back."""

import pytest
from reflex.istate.data import RouterData

from studymaster.ui import session
from studymaster.ui.session import LeavingState


def at(path: str) -> LeavingState:
    state = LeavingState(_reflex_internal_init=True)
    state.router = RouterData.from_router_data(
        {
            "pathname": path.split("?", maxsplit=1)[0],
            "asPath": path,
            "headers": {"origin": "http://testserver"},
        }
    )
    return state


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/", "/sign-in?next=/"),
        ("/smart-study", "/sign-in?next=/smart-study"),
        ("/smart-study?course=7", "/sign-in?next=/smart-study%3Fcourse%3D7"),
    ],
)
def test_signing_in_leads_back_to_where_the_tab_was(path: str, target: str) -> None:
    spec = LeavingState.leave.fn(at(path))
    assert target in str(spec.args)


def test_the_sign_in_page_does_not_lead_to_itself() -> None:
    assert LeavingState.leave.fn(at("/sign-in?next=/focus")) is None


def test_the_keeper_knows_where_to_renew_and_where_to_go() -> None:
    text = str(session.keeper(ended=True))
    assert "/api/v1/auth/refresh" in text
    assert "/sign-in" in text
    assert "seconds:600" in text
