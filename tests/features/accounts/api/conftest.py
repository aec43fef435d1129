import pytest

from studymaster.config import get_settings
from tests.factories.browsing import let_sign_in
from tests.features.accounts.api.programs import addresses, program_at


@pytest.fixture
async def program(empty_database):
    # Each test comes from a client of its own: attempts of the last minute count.
    async with program_at(f"10.0.0.{next(addresses)}") as program:
        yield program


@pytest.fixture
def trusted(monkeypatch):
    """Say which proxies are trusted."""

    def trust(networks: str) -> None:
        monkeypatch.setenv("TRUSTED_PROXIES", networks)
        get_settings.cache_clear()

    return trust


@pytest.fixture
async def site(demo_site) -> str:
    """The demo, with a sign-in page of its own."""
    await let_sign_in(demo_site, 2)
    return demo_site
