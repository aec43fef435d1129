"""Which site addresses StudyMaster opens, and the connection that can reach no other."""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import httpx

from studymaster.adapters.moodle.connection import OneConnection
from studymaster.adapters.moodle.failures import AddressRefusedError, UnreachableError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]

LONGEST_ADDRESS = 300
HTTPS_PORT = 443
DEFAULT_PORTS: Final = {"https": HTTPS_PORT, "http": 80}
OPEN_PORTS: Final = frozenset({HTTPS_PORT, 4443, 8443})
MOST_ADDRESSES_TRIED = 3

LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HOST_NAME: Final = re.compile(rf"(?:{LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{1,59}})")
PATH: Final = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")
PRIVATE_NAMES: Final = (
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
    "home.arpa",
    "in-addr.arpa",
    "ip6.arpa",
    "onion",
    "svc",
)

# Where Moodle's own pages begin: everything from here on is not part of the address.
MOODLE_PAGES: Final = frozenset(
    [
        "admin",
        "badges",
        "blocks",
        "blog",
        "calendar",
        "cohort",
        "comment",
        "completion",
        "contentbank",
        "course",
        "draftfile.php",
        "enrol",
        "grade",
        "group",
        "index.php",
        "lib",
        "local",
        "login",
        "message",
        "mod",
        "my",
        "notes",
        "pluginfile.php",
        "question",
        "report",
        "search",
        "tag",
        "theme",
        "tokenpluginfile.php",
        "user",
        "webservice",
    ]
)

# Ranges that Python counts as global, or that lead on to an address inside them.
REFUSED_NETWORKS: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "168.63.129.16/32",  # the host of a machine at Azure
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "::/96",  # IPv4 written as IPv6
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64 of one network
        "100:0:0:1::/64",  # dummy prefix
        "2001::/23",  # Teredo and other protocol assignments
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fec0::/10",  # site-local
    )
)

NOT_AN_ADDRESS = (
    "This is not a site address. Copy it from the browser, for example moodle.example.edu."
)
NEEDS_HTTPS = (
    "StudyMaster only signs in over https, so that nobody reads your password on the way. "
    "Use the address that begins with https://."
)
HAS_CREDENTIALS = (
    "The address contains an @, which could hide another site or a password. Type only the "
    "site, for example moodle.example.edu."
)
NEEDS_A_NAME = (
    "This address is a number or a name inside a private network. Type the public name of "
    "the site, for example moodle.example.edu."
)
ODD_PORT = "StudyMaster does not open this port. Type the address without the number after the colon."
ODD_PATH = (
    "The part after the site name has characters that no Moodle address has. Type only the "
    "site, for example moodle.example.edu."
)
PRIVATE_NETWORK = (
    "This name leads into a private network, which StudyMaster does not enter. Check the "
    "address; a Moodle that only opens inside the university cannot be synced."
)


@dataclass(frozen=True, slots=True)
class SiteAddress:
    """The address of a Moodle site, checked; `path` is "" or like "/moodle"."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Scheme, host and port, as a browser writes them."""
        port = "" if DEFAULT_PORTS[self.scheme] == self.port else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"

    @property
    def url(self) -> str:
        """The address without a slash at its end."""
        return self.origin + self.path


def check_site_address(text: str, *, allowed_hosts: frozenset[str]) -> SiteAddress:
    """Return the site that a typed or pasted address means.

    https is added when missing; what follows Moodle's own directories (/login/index.php,
    /my, ...) is cut off. `allowed_hosts` ("host:port") may also be plain http, numbers and
    private. Raises AddressRefusedError with the reason.
    """
    url = _read_url(text.strip(), allowed_hosts=allowed_hosts)
    port = DEFAULT_PORTS[url.scheme] if url.port is None else url.port
    host = url.raw_host.decode("ascii").lower()
    if f"{host}:{port}" not in allowed_hosts:
        _check_public_form(url.scheme, host, port)
    return SiteAddress(url.scheme, host, port, _site_path(url.path))


def _read_url(text: str, *, allowed_hosts: frozenset[str]) -> httpx.URL:
    if not text or len(text) > LONGEST_ADDRESS or re.search(r"[\s\\\x00-\x20\x7f]", text):
        raise AddressRefusedError(NOT_AN_ADDRESS)
    if "://" not in text:
        bare = re.split(r"[/?#]", text, maxsplit=1)[0].lower()
        text = ("http://" if bare in allowed_hosts else "https://") + text
    authority = re.split(r"[/?#]", text.split("://", 1)[1], maxsplit=1)[0]
    if "@" in authority:
        raise AddressRefusedError(HAS_CREDENTIALS)
    if re.search(r":.*[^\x00-\x7f]", authority):
        raise AddressRefusedError(NOT_AN_ADDRESS)  # digits of other scripts as the port
    try:
        url = httpx.URL(text)
        readable = url.host  # decoding it finds names that no registry gives out
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefusedError(NOT_AN_ADDRESS) from error
    if url.scheme not in DEFAULT_PORTS or not readable:
        raise AddressRefusedError(NOT_AN_ADDRESS)
    return url


def _check_public_form(scheme: str, host: str, port: int) -> None:
    if scheme != "https":
        raise AddressRefusedError(NEEDS_HTTPS, host=host)
    if is_number(host) or any(
        host == name or host.endswith(f".{name}") for name in PRIVATE_NAMES
    ):
        raise AddressRefusedError(NEEDS_A_NAME, host=host)
    if len(host) > 253 or not HOST_NAME.fullmatch(host):  # noqa: PLR2004 -- DNS's own limit
        raise AddressRefusedError(NOT_AN_ADDRESS, host=host)
    if port not in OPEN_PORTS:
        raise AddressRefusedError(ODD_PORT, host=host)


def is_number(host: str) -> bool:
    """Tell whether a host is an IP address in any notation that some resolver accepts."""
    last = host.rstrip(".").rsplit(".", 1)[-1]
    return ":" in host or re.fullmatch(r"[0-9]+|0x[0-9a-f]*", last) is not None


def _site_path(path: str) -> str:
    segments: list[str] = []
    for segment in filter(None, path.split("/")):
        if segment in MOODLE_PAGES or segment.endswith(".php"):
            break
        segments.append(segment)
    kept = "".join(f"/{segment}" for segment in segments)
    if not PATH.fullmatch(kept):
        raise AddressRefusedError(ODD_PATH)
    return kept


def is_public(address: str) -> bool:
    """Tell whether this is an IP address that belongs to the public internet and only to it."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    refused = (
        not ip.is_global
        or ip.is_multicast
        or ip.is_reserved
        or any(ip in network for network in REFUSED_NETWORKS)
    )
    return not refused


async def resolve_host(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host in the order to try them; UnreachableError if none."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachableError(host, detail=str(error)) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class PublicOnlyTransport(httpx.AsyncBaseTransport):
    """One connection, to public addresses only, and to exactly the address that was checked.

    The name is resolved once per request, every address it has must be public, and the
    connection goes to that address (the certificate is still checked against the name), so
    a name that changes its address in between gains nothing.
    """

    def __init__(
        self,
        *,
        allowed_hosts: frozenset[str],
        inner: httpx.AsyncBaseTransport | None = None,
        resolve: Resolve = resolve_host,
    ) -> None:
        """Skip the check for `allowed_hosts` ("host:port") alone."""
        self._allowed_hosts = allowed_hosts
        self._inner = inner or OneConnection()
        self._resolve = resolve

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; AddressRefusedError before any connection when not public."""
        host = request.url.raw_host.decode("ascii")
        port = request.url.port
        if port is None:
            port = DEFAULT_PORTS.get(request.url.scheme, 0)
        if f"{host}:{port}" in self._allowed_hosts:
            return await self._inner.handle_async_request(request)
        _check_public_form(request.url.scheme, host, port)
        return await self._send_pinned(request, await self._public_addresses(host, port))

    async def _public_addresses(self, host: str, port: int) -> list[str]:
        addresses = await self._resolve(host, port)
        if not addresses:
            raise UnreachableError(host, detail="the name has no address")
        if not all(is_public(address) for address in addresses):
            raise AddressRefusedError(PRIVATE_NETWORK, host=host)
        return addresses[:MOST_ADDRESSES_TRIED]

    async def _send_pinned(
        self, request: httpx.Request, addresses: list[str]
    ) -> httpx.Response:
        *first, last = addresses
        for address in first:
            try:
                return await self._inner.handle_async_request(_pin(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._inner.handle_async_request(_pin(request, last))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


def _pin(request: httpx.Request, address: str) -> httpx.Request:
    """Aim a request at one IP address, keeping the name for TLS and the Host header."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions=request.extensions
        | {"sni_hostname": request.url.raw_host.decode("ascii")},
    )
