"""What a site tells about itself, and who a token belongs to."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final, cast

from pydantic import BeforeValidator

from studymaster.adapters.moodle.translate.values import (
    Flag,
    Id,
    Name,
    OptionalText,
    Text,
    WebAddress,
    wire,
)


class SignInKind(StrEnum):
    """Where a site wants its students to sign in.

    APP: with name and password, which an app may send. BROWSER and EMBEDDED: on a page of
    the site or of the university, in a browser of one's own or inside an app.
    """

    APP = "app"
    BROWSER = "browser"
    EMBEDDED = "embedded"


SIGN_INS: Final = {
    "1": SignInKind.APP,
    "2": SignInKind.BROWSER,
    "3": SignInKind.EMBEDDED,
}


def _read_sign_in(kind: object) -> SignInKind:
    """A kind that is not known yet is most likely one more way through the browser."""
    return SIGN_INS.get(str(kind), SignInKind.BROWSER)


def _read_function_names(functions: object) -> object:
    """Keep the names of [{"name", "version"}, ...]."""
    if not isinstance(functions, list):
        return functions
    rows = cast("list[object]", functions)
    return [
        cast("dict[str, object]", r).get("name") if isinstance(r, dict) else r for r in rows
    ]


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """Another place where the site lets its students sign in; `url` may be ""."""

    name: Name
    url: WebAddress = ""


@dataclass(frozen=True, slots=True)
class PublicConfig:
    """What a site tells everybody, without a sign-in.

    `site_url` is the site's own idea of its address. `maintenance_html` is Moodle's HTML.
    `launch_url` is the page that hands a token to apps; "" when the site tells none.
    """

    site_name: Annotated[Name, wire("sitename")]
    site_url: Annotated[Text, wire("wwwroot")]
    https_url: Annotated[OptionalText, wire("httpswwwroot")] = ""
    maintenance: Annotated[Flag, wire("maintenanceenabled")] = False
    maintenance_html: Annotated[OptionalText, wire("maintenancemessage")] = ""
    web_services: Annotated[Flag, wire("enablewebservices")] = True
    mobile: Annotated[Flag, wire("enablemobilewebservice")] = True
    sign_in: Annotated[SignInKind, BeforeValidator(_read_sign_in), wire("typeoflogin")] = (
        SignInKind.BROWSER
    )
    launch_url: Annotated[WebAddress, wire("launchurl")] = ""
    identity_providers: Annotated[
        tuple[IdentityProvider, ...], wire("identityproviders")
    ] = ()


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """Who the token belongs to, and what the site offers to it."""

    user_id: Annotated[Id, wire("userid")]
    username: Text
    full_name: Annotated[Name, wire("fullname")]
    site_name: Annotated[Name, wire("sitename")]
    site_url: Annotated[Text, wire("siteurl")]
    release: OptionalText = ""
    language: Annotated[OptionalText, wire("lang")] = ""
    files_offered: Annotated[bool, wire("downloadfiles")] = True
    functions: Annotated[frozenset[str], BeforeValidator(_read_function_names)] = (
        frozenset()
    )
