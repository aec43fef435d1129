"""How Reflex builds and serves the product."""

import reflex as rx

from studymaster.config import get_settings
from studymaster.ui.theme import TAILWIND


def _origins(public_url: str) -> list[str]:
    """Return the addresses whose pages may talk to us: a loopback one has two names."""
    by_name = public_url.replace("//127.0.0.1", "//localhost")
    by_number = public_url.replace("//localhost", "//127.0.0.1")
    return sorted({by_name, by_number})


config = rx.Config(
    app_name="studymaster",
    # The port is put in when the pages are served, so that one build serves every address.
    api_url="http://localhost:8000",
    cors_allowed_origins=_origins(get_settings().public_url.rstrip("/")),
    frontend_compression_formats=["gzip", "brotli"],
    show_built_with_reflex=False,
    telemetry_enabled=False,
    plugins=[rx.plugins.TailwindV4Plugin(TAILWIND)],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
