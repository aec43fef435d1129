"""Opens a student's tab without a browser."""

from studymaster.adapters import vault
from studymaster.adapters.vault import SessionToken, TokenUse
from studymaster.features.accounts.schemas import Student
from tests.conftest import NOON
from tests.tabs import SomeState, open_tab


def tab_of(student: Student, kind: type[SomeState], path: str = "/") -> SomeState:
    token = SessionToken(
        account_id=student.account_id,
        session_id=student.session_id,
        use=TokenUse.ACCESS,
        generation=1,
        expires_at=NOON.replace(year=NOON.year + 1),
    )
    return open_tab(kind, access=vault.sign(token, issued_at=NOON), path=path)
