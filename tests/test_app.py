"""The application as a whole: its screens, its failures, its headers."""

import httpx
import pytest

from studymaster.api import create_api
from studymaster.errors import ConflictError, NotFoundError, SignInError, StudyMasterError
from studymaster.passage import with_headers
from studymaster.studymaster import SCREENS, app
from studymaster.ui import failure


def test_every_screen_has_its_own_address_and_builds() -> None:
    routes = [screen.route for screen in SCREENS]
    assert len(set(routes)) == len(routes) >= 10
    for screen in SCREENS:
        drawn = str(screen.draw().render())
        assert drawn, screen.route
        # A field of the name of one of Var's own methods is taken for that method.
        assert "bound method" not in drawn, screen.route


def test_the_application_knows_every_screen_the_sign_in_and_the_lost() -> None:
    known = set(app._unevaluated_pages)
    wanted = {screen.route.strip("/") or "index" for screen in SCREENS}
    assert wanted | {"sign-in", "404"} <= known


@pytest.mark.parametrize("error", [ConflictError("Already there."), NotFoundError("Gone.")])
def test_an_expected_failure_says_its_sentence(error: StudyMasterError) -> None:
    assert error.message in str(failure.show(exception=error))


def test_a_signed_out_visitor_is_led_to_the_sign_in_page() -> None:
    assert "leave" in str(failure.show(exception=SignInError("Signed out.")))


def test_an_unexpected_failure_tells_nothing_of_itself() -> None:
    assert "secret" not in str(failure.show(exception=ValueError("secret")))


async def test_every_answer_is_fenced_in() -> None:
    transport = httpx.ASGITransport(app=with_headers(create_api()))
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        answer = await client.get("/api/v1/health")
    assert answer.json() == {"status": "ok"}
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_interface_describes_itself() -> None:
    transport = httpx.ASGITransport(app=create_api())
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        paths = (await client.get("/api/openapi.json")).json()["paths"]
    assert {"/api/v1/auth/login", "/api/v1/auth/me", "/api/v1/flashcards/due"} <= set(paths)


async def test_a_fault_of_ours_is_a_problem_document_without_its_secrets() -> None:
    api = create_api()

    @api.get("/broken")
    async def broken() -> None:
        raise ValueError("secret")  # noqa: EM101

    transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        answer = await client.get("/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
