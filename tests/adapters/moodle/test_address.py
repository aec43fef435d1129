"""StudyMaster opens public https sites by name, and what the operator allowed; no other."""

import asyncio

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studymaster.adapters.moodle.address import (
    PublicOnlyTransport,
    check_site_address,
    is_public,
    resolve_host,
)
from studymaster.adapters.moodle.failures import AddressRefusedError, UnreachableError

NOBODY: frozenset[str] = frozenset()
DEMO = frozenset({"127.0.0.1:8090"})

USABLE = {
    "moodle.example.edu": "https://moodle.example.edu",
    "  https://moodle.example.edu/ ": "https://moodle.example.edu",
    "HTTPS://Moodle.Example.EDU": "https://moodle.example.edu",
    "https://moodle.example.edu/login/index.php": "https://moodle.example.edu",
    "https://moodle.example.edu/my/courses.php": "https://moodle.example.edu",
    "moodle.example.edu/course/view.php?id=4#section-2": "https://moodle.example.edu",
    "https://www.example.edu/moodle/": "https://www.example.edu/moodle",
    "https://www.example.edu/a/moodle/login/index.php": "https://www.example.edu/a/moodle",
    "https://moodle.example.edu:443": "https://moodle.example.edu",
    "https://moodle.example.edu:8443/my/": "https://moodle.example.edu:8443",
    "moodle.universit\u00e4t.de": "https://moodle.xn--universitt-y5a.de",
}

HOSTILE = (
    "",
    "moodle",
    "https://",
    "http://moodle.example.edu",
    "ftp://moodle.example.edu",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "gopher://moodle.example.edu",
    "127.0.0.1",
    "https://127.0.0.1",
    "https://127.1",
    "https://2130706433",
    "https://0x7f000001",
    "https://0x7f.0.0.1",
    "https://0177.0.0.1",
    "https://017700000001",
    "https://127.0.0.1.",
    "https://0.0.0.0",
    "https://0",
    "https://10.0.0.5",
    "https://192.168.1.1/moodle",
    "https://172.16.0.1",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1",
    "https://8.8.8.8",
    "https://[::1]",
    "https://[::]",
    "https://[::ffff:127.0.0.1]",
    "https://[::ffff:7f00:1]",
    "https://[fe80::1%25eth0]",
    "https://[fd00::1]",
    "https://[2002:7f00:1::]",
    "https://[64:ff9b::7f00:1]",
    "https://localhost",
    "https://LOCALHOST",
    "https://localhost.",
    "https://moodle.localhost",
    "https://localhost.localdomain",
    "https://moodle.local",
    "https://metadata.google.internal",
    "https://router.home.arpa",
    "https://moodle.example.edu.",
    "https://moodle..example.edu",
    "https://-moodle.example.edu",
    "https://moodle_example.edu",
    "https://user:pw@moodle.example.edu",
    "https://moodle.example.edu@127.0.0.1",
    "https://moodle.example.edu:443@127.0.0.1",
    "https://@127.0.0.1",
    "https://moodle.example.edu%40127.0.0.1",
    "https://moodle.example.edu\\@127.0.0.1",
    "https://moodle.example.edu#@127.0.0.1:6379",
    "https://moodle.example.edu\r\nHost: x",
    "https://moodle example.edu",
    "https://moodle.example.edu\x00.evil.example",
    "https://\uff11\uff12\uff17.\uff10.\uff10.\uff11",
    "https://\u2460\u2461\u2466.0.0.1",
    "https://127\u30020\u30020\u30021",
    "https://\u24db\u24de\u24d2alhost",
    "https://%31%32%37.0.0.1",
    "https://moodle.example.edu:22",
    "https://moodle.example.edu:6379",
    "https://moodle.example.edu:0",
    "https://moodle.example.edu:99999",
    "https://moodle.example.edu:-1",
    "https://moodle.example.edu:8443x",
    "https://moodle.example.edu/%2e%2e/",
    "https://moodle.example.edu/mood le",
    "https://moodle.example.edu/{host}",
    "https://" + "a" * 400 + ".example.edu",
    "https://" + "a" * 64 + ".example.edu",
)
HARMLESS_AFTER_CUTTING = {"https://moodle.example.edu#@127.0.0.1:6379"}


@pytest.mark.parametrize(("typed", "meant"), USABLE.items())
def test_understands_what_students_paste(typed, meant) -> None:
    assert check_site_address(typed, allowed_hosts=NOBODY).url == meant


@pytest.mark.parametrize("typed", [h for h in HOSTILE if h not in HARMLESS_AFTER_CUTTING])
def test_refuses_what_is_no_public_site_with_a_sentence(typed) -> None:
    with pytest.raises(AddressRefusedError) as caught:
        check_site_address(typed, allowed_hosts=NOBODY)
    assert caught.value.message.endswith(".")
    assert caught.value.status == 422


@pytest.mark.parametrize("typed", HARMLESS_AFTER_CUTTING)
def test_a_trick_behind_the_name_is_cut_off(typed) -> None:
    assert (
        check_site_address(typed, allowed_hosts=NOBODY).url == "https://moodle.example.edu"
    )


@given(st.text(max_size=60))
def test_any_text_is_an_https_site_by_name_or_refused(text) -> None:
    try:
        address = check_site_address(text, allowed_hosts=NOBODY)
    except AddressRefusedError:
        return
    assert address.scheme == "https"
    assert httpx.URL(address.url).host == httpx.URL(f"https://{address.host}").host


@pytest.mark.parametrize(
    "typed", ["127.0.0.1:8090", "http://127.0.0.1:8090/login/index.php"]
)
def test_the_allowed_host_may_be_a_number_without_https(typed) -> None:
    assert check_site_address(typed, allowed_hosts=DEMO).url == "http://127.0.0.1:8090"


@pytest.mark.parametrize(
    "typed", ["127.0.0.1:8091", "http://127.0.0.1", "http://127.0.0.2:8090"]
)
def test_its_neighbours_may_not(typed) -> None:
    with pytest.raises(AddressRefusedError):
        check_site_address(typed, allowed_hosts=DEMO)


PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "0.1.2.3",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "2001::1",
    "2002:7f00:1::",
    "2002:0808:0808::",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "100::1",
    "3fff::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_outside_the_public_internet_is_public(address) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "2a00::1"]
)
def test_public_addresses_are(address) -> None:
    assert is_public(address)


def client(addresses, seen, *, down=()):
    async def resolve(host, port):
        return list(addresses)

    def answer(request):
        seen.append(request)
        if request.url.host in down:
            msg = "refused"
            raise httpx.ConnectError(msg)
        return httpx.Response(200, text="hello")

    transport = PublicOnlyTransport(
        allowed_hosts=DEMO, inner=httpx.MockTransport(answer), resolve=resolve
    )
    return httpx.AsyncClient(transport=transport)


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:127.0.0.1"], ["fe80::1%eth0"]],
)
async def test_a_public_name_that_leads_inside_is_refused_before_connecting(
    addresses,
) -> None:
    seen = []
    async with client(addresses, seen) as http:
        with pytest.raises(AddressRefusedError, match="private network"):
            await http.get("https://moodle.example.edu/")
    assert seen == []


async def test_connects_to_the_checked_address_under_the_sites_own_name() -> None:
    seen = []
    async with client(["8.8.8.8"], seen) as http:
        assert (await http.get("https://moodle.example.edu/a?b=1")).text == "hello"
    assert str(seen[0].url) == "https://8.8.8.8/a?b=1"
    assert seen[0].headers["host"] == "moodle.example.edu"
    assert seen[0].extensions["sni_hostname"] == "moodle.example.edu"


async def test_tries_the_next_address_when_one_is_down() -> None:
    seen = []
    async with client(["2606:4700::1", "8.8.8.8"], seen, down={"2606:4700::1"}) as http:
        await http.post("https://moodle.example.edu/", data={"a": "b"})
    assert [request.url.host for request in seen] == ["2606:4700::1", "8.8.8.8"]
    assert seen[1].read() == b"a=b"


async def test_a_redirect_into_the_private_network_is_refused_too() -> None:
    async def resolve(host, port):
        return ["8.8.8.8"] if host == "moodle.example.edu" else ["10.0.0.1"]

    inner = httpx.MockTransport(
        lambda _: httpx.Response(302, headers={"Location": "https://inside.example.edu/"})
    )
    transport = PublicOnlyTransport(allowed_hosts=NOBODY, inner=inner, resolve=resolve)
    async with httpx.AsyncClient(transport=transport, follow_redirects=True) as http:
        with pytest.raises(AddressRefusedError):
            await http.get("https://moodle.example.edu/")


@pytest.mark.parametrize(
    "url", ["http://8.8.8.8/", "https://8.8.8.8/", "http://localhost:8090/"]
)
async def test_the_connection_itself_refuses_numbers_and_plain_http(url) -> None:
    seen = []
    async with client(["8.8.8.8"], seen) as http:
        with pytest.raises(AddressRefusedError):
            await http.get(url)
    assert seen == []


async def test_the_allowed_host_is_reached_without_a_name_server() -> None:
    seen = []
    async with client([], seen) as http:
        await http.get("http://127.0.0.1:8090/")
    assert seen[0].url.host == "127.0.0.1"


async def test_a_name_without_address_is_unreachable() -> None:
    async with client([], []) as http:
        with pytest.raises(UnreachableError):
            await http.get("https://moodle.example.edu/")


async def test_a_number_resolves_to_itself_and_nonsense_to_nothing() -> None:
    assert await resolve_host("127.0.0.1", 80) == ["127.0.0.1"]
    async with asyncio.timeout(30):
        with pytest.raises(UnreachableError):
            await resolve_host("a" * 70 + ".example", 443)
