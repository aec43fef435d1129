"""Opens a browser tab without a browser: a State with the cookies of its connection."""

from typing import TypeVar

import reflex as rx
from reflex.istate.data import RouterData

from studymaster.adapters import vault
from studymaster.adapters.vault import SessionToken, TokenUse
from studymaster.features.accounts.schemas import Student
from tests.conftest import NOON

SomeState = TypeVar("SomeState", bound=rx.State)


def open_tab(
    kind: type[SomeState],
    *,
    access: str = "",
    problem: str = "",
    token: str = "tab",
    path: str = "/",
    foreign: str = "",
    state: SomeState | None = None,
) -> SomeState:
    """Return a State as a fresh connection with these cookies has it."""
    cookies = {"sm_access": access, "sm_problem": problem}
    pairs = [f"{name}={value}" for name, value in cookies.items() if value]
    header = "; ".join([foreign, *pairs] if foreign else pairs)
    tab = state if state is not None else kind(_reflex_internal_init=True)
    router = RouterData.from_router_data(
        {
            "pathname": path.partition("?")[0],
            "asPath": path,
            "token": token,
            "headers": {"cookie": header, "origin": "http://testserver"},
        }
    )
    object.__setattr__(tab, "router", router)
    return tab


def tab_of(
    student: Student, kind: type[SomeState], path: str = "/", *, token: str = "tab"
) -> SomeState:
    """Return a State as a tab of this student's own session has it."""
    return open_tab(kind, access=access_of(student), path=path, token=token)


def access_of(student: Student) -> str:
    """Sign an access token of the student's own session."""
    token = SessionToken(
        account_id=student.account_id,
        session_id=student.session_id,
        use=TokenUse.ACCESS,
        generation=1,
        expires_at=NOON.replace(year=NOON.year + 1),
    )
    return vault.sign(token, issued_at=NOON)
