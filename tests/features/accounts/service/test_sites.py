"""What a Moodle tells before anybody signs in, and signing in to it through the browser."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from studymaster.adapters import moodle, vault
from studymaster.errors import InvalidInputError
from studymaster.features.accounts import service
from studymaster.features.accounts.schemas import BrowserAttempt, ProviderView
from studymaster.models import ConnectionWay
from tests.conftest import NOON
from tests.factories.browsing import bring_link, fail, let_sign_in, site_telling

GOOGLE = {
    "name": "Google",
    "iconurl": "",
    "url": "https://uni.edu/auth/oauth2/login.php?id=7&amp;wantsurl=%2F&amp;sesskey=x",
}
ELSEWHERE = {"name": "CAS", "iconurl": "", "url": "https://uni.edu/auth/cas?id=9"}


async def begin(
    site: str, *, provider: str = "", account_id: UUID | None = None
) -> BrowserAttempt:
    return await service.begin_browser_sign_in(
        site, provider=provider, account_id=account_id, now=NOON
    )


async def bring_back(attempt: BrowserAttempt, link: str, *, minutes: int = 5):
    return await service.ask_moodle_by_link(
        service.seal_attempt(attempt),
        link=link,
        account_id=UUID(attempt.account_id) if attempt.account_id else None,
        now=NOON + timedelta(minutes=minutes),
    )


class TestLookingUp:
    async def test_a_site_with_passwords_offers_the_password(self, demo_site) -> None:
        found = await service.look_up_site(f"{demo_site}/login/index.php")
        assert (found.url, found.password, found.browser) == (demo_site, True, False)
        assert found.name
        assert found.problem == ""

    @pytest.mark.parametrize("way", [2, 3])
    async def test_a_site_with_a_page_of_its_own_offers_the_browser(
        self, demo_site, way
    ) -> None:
        await let_sign_in(demo_site, way)
        found = await service.look_up_site(demo_site)
        assert (found.password, found.browser) == (False, True)

    async def test_services_that_sign_students_in_are_offered_by_name(
        self, monkeypatch
    ) -> None:
        with site_telling(monkeypatch, identityproviders=[GOOGLE, ELSEWHERE]) as site:
            found = await service.look_up_site(site)
        assert found.providers == (ProviderView("7", "Google"),)
        assert found.password

    @pytest.mark.parametrize(
        ("failure", "words"),
        [
            ("maintenance", "closed for maintenance"),
            ("web_services_off", "switched off access for apps"),
        ],
    )
    async def test_a_site_that_lets_nobody_in_says_so(
        self, demo_site, failure, words
    ) -> None:
        await fail(demo_site, failure)
        found = await service.find_site(demo_site, zone="UTC", now=NOON)
        assert words in found.problem
        assert found.url == ""

    @pytest.mark.parametrize(
        ("told", "error"),
        [
            ({"maintenanceenabled": 1}, moodle.MaintenanceError),
            ({"enablewebservices": 0}, moodle.ServiceDisabledError),
            ({"enablemobilewebservice": 0}, moodle.ServiceDisabledError),
        ],
    )
    async def test_what_a_site_tells_of_itself_is_believed(
        self, monkeypatch, told, error
    ) -> None:
        with site_telling(monkeypatch, **told) as site, pytest.raises(error):
            await service.look_up_site(site)

    @pytest.mark.parametrize(
        ("site", "words"),
        [
            ("", "not a site address"),
            ("moodle", "not a site address"),
            ("http://moodle.uni.edu", "https"),
            ("https://10.0.0.1", "private network"),
            ("https://mina:secret@uni.edu", "contains an @"),
        ],
    )
    async def test_what_is_no_address_is_told_without_a_request(self, site, words) -> None:
        assert words in (await service.find_site(site, zone="UTC", now=NOON)).problem

    async def test_in_a_pause_it_is_said_until_when_for_each_student(
        self, demo_site
    ) -> None:
        await fail(demo_site, "maintenance_cli")
        for zone, time in (("UTC", "12:05"), ("Asia/Kolkata", "17:35")):
            found = await service.find_site(demo_site, zone=zone, now=NOON)
            assert f"asks for a pause until {time}. Try again after that." in found.problem

    async def test_a_site_that_is_known_is_called_by_its_name(self, demo_site) -> None:
        await fail(demo_site, "gateway_down")
        names = {demo_site: "Lindmark University"}
        found = await service.find_site(
            f"{demo_site}/my/", zone="UTC", now=NOON, names=names
        )
        assert found.problem == (
            "Lindmark University is not working at the moment. Try again in a few minutes."
        )

    async def test_a_server_without_a_moodle_is_told(self, demo_site) -> None:
        found = await service.find_site(f"{demo_site}/nowhere", zone="UTC", now=NOON)
        assert "no Moodle at this address" in found.problem


class TestThroughTheBrowser:
    @pytest.mark.parametrize("way", [2, 3])
    async def test_the_link_that_a_student_brings_back_says_who_they_are(
        self, demo_site, way
    ) -> None:
        await let_sign_in(demo_site, way)
        attempt = await begin(demo_site)
        link = await bring_link(attempt.address)
        identity = await bring_back(attempt, f"  {link}\n")
        assert (identity.username, identity.site_url) == ("mina", demo_site)
        assert identity.way is ConnectionWay.BROWSER

    async def test_moodle_is_asked_to_show_the_link_instead_of_jumping(
        self, demo_site
    ) -> None:
        await let_sign_in(demo_site, 2)
        attempt = await begin(demo_site)
        assert attempt.address.startswith(f"{demo_site}/admin/tool/mobile/launch.php?")
        assert attempt.address.endswith("&confirmed=1")
        assert attempt.passport in attempt.address

    async def test_the_link_of_another_attempt_opens_nothing(self, demo_site) -> None:
        await let_sign_in(demo_site, 2)
        first, second = await begin(demo_site), await begin(demo_site)
        assert first.passport != second.passport
        link = await bring_link(first.address)
        with pytest.raises(InvalidInputError, match="another attempt"):
            await bring_back(second, link)

    async def test_an_attempt_is_over_after_half_an_hour(self, demo_site) -> None:
        await let_sign_in(demo_site, 2)
        attempt = await begin(demo_site)
        link = await bring_link(attempt.address)
        with pytest.raises(InvalidInputError, match="Start the sign-in again"):
            await bring_back(attempt, link, minutes=30)
        assert (await bring_back(attempt, link, minutes=29)).username == "mina"

    @pytest.mark.parametrize("pasted", ["", "https://moodle.uni.edu/my", "moodlemobile://"])
    async def test_what_is_not_the_link_is_told_apart(self, demo_site, pasted) -> None:
        await let_sign_in(demo_site, 2)
        attempt = await begin(demo_site)
        with pytest.raises(InvalidInputError):
            await bring_back(attempt, pasted)

    async def test_a_site_that_offers_no_page_begins_nothing(self, demo_site) -> None:
        with pytest.raises(InvalidInputError, match="no sign-in page for apps"):
            await begin(demo_site)
        with pytest.raises(InvalidInputError, match="no sign-in page"):
            await begin(demo_site, provider="7")

    async def test_a_named_service_is_asked_for_by_its_number(self, monkeypatch) -> None:
        with site_telling(monkeypatch, identityproviders=[GOOGLE]) as site:
            attempt = await begin(site, provider="7")
            with pytest.raises(InvalidInputError):
                await begin(site, provider="8")
        assert attempt.address.endswith("&confirmed=1&oauthsso=7")

    async def test_a_launch_page_on_another_site_is_not_followed(self, monkeypatch) -> None:
        evil = {"launchurl": "https://evil.example/launch.php", "typeoflogin": 2}
        with site_telling(monkeypatch, **evil) as site:
            attempt = await begin(site)
        assert attempt.address.startswith(f"{site}/admin/tool/mobile/launch.php?")


class TestAttempts:
    ATTEMPT = BrowserAttempt(
        site_url="https://moodle.uni.edu",
        site_name="Uni",
        sites=("https://moodle.uni.edu",),
        passport="p",
        address="https://moodle.uni.edu/admin/tool/mobile/launch.php",
        account_id="",
        began_at=NOON,
    )

    def find(self, sealed: str, account_id: UUID | None = None) -> BrowserAttempt | None:
        return service.find_attempt(sealed, account_id=account_id, now=NOON)

    def test_it_comes_back_as_it_went(self) -> None:
        assert self.find(service.seal_attempt(self.ATTEMPT)) == self.ATTEMPT

    def test_it_belongs_to_the_account_that_began_it(self) -> None:
        mina, jonas = uuid4(), uuid4()
        sealed = service.seal_attempt(replace(self.ATTEMPT, account_id=str(mina)))
        assert self.find(sealed, mina) is not None
        assert self.find(sealed, jonas) is None
        assert self.find(sealed) is None
        assert self.find(service.seal_attempt(self.ATTEMPT), mina) is None

    @pytest.mark.parametrize("forged", ["", "x", vault.seal, '{"site_url": "https://x"}'])
    def test_what_we_did_not_seal_as_one_is_none(self, forged) -> None:
        text = forged if isinstance(forged, str) else forged("a token, not an attempt")
        assert self.find(text) is None

    def test_a_page_sees_no_passport(self) -> None:
        view = service.view_of(self.ATTEMPT)
        assert view.site_name == "Uni"
        assert service.view_of(None).address == ""
        assert "passport" not in view.__slots__
