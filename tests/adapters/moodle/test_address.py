"""StudyMaster opens public https sites by name, and what the operator allowed; no other."""

import asyncio
import contextlib

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
from studymaster.adapters.moodle.failures import (
    AddressRefusedError,
    FileElsewhereError,
    MovedError,
    UnreachableError,
)
from studymaster.adapters.moodle.wire import read_answer, read_file_head

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

HOSTILE: dict[str, list[str]] = {
    "no address at all": [
        "",
        "   ",
        "moodle",
        "https://",
        "https:///",
        "///",
        "?",
        "@",
        ":",
    ],
    "other protocols": [
        "http://moodle.example.edu",
        "ftp://moodle.example.edu",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_INFO",
        "dict://127.0.0.1:6379/info",
        "ldap://127.0.0.1",
        "ws://127.0.0.1",
        "unix:///var/run/docker.sock",
        "https+unix://%2Fvar%2Frun%2Fdocker.sock",
        "javascript:alert(1)",
        "data:text/html,hello",
        "http://127.0.0.1",
        "https:127.0.0.1",
        "https:/127.0.0.1",
        "//127.0.0.1",
    ],
    "numbers in every notation": [
        "127.0.0.1",
        "https://127.0.0.1",
        "https://127.0.0.1.",
        "https://127.1",
        "https://127.0.1",
        "https://2130706433",
        "https://0x7f000001",
        "https://0X7F.1",
        "https://0x7f.0x0.0x0.0x1",
        "https://0177.0.0.1",
        "https://017700000001",
        "https://00000177.0.0.1",
        "https://127.0x0.00.1",
        "https://127.0.0.1e0",
        "https://0",
        "https://0.0.0.0",
        "https://0.0.0.0:8443",
        "https://255.255.255.255",
        "https://8.8.8.8",
    ],
    "private networks": [
        "https://10.0.0.5",
        "https://172.16.0.1",
        "https://192.168.1.1/moodle",
        "https://100.64.0.1",
        "https://127.0.0.1:8443",
    ],
    "IPv6 of all kinds": [
        "https://[::]",
        "https://[::1]",
        "https://[::1]:8443",
        "https://[0:0:0:0:0:0:0:1]",
        "https://[::127.0.0.1]",
        "https://[::ffff:127.0.0.1]",
        "https://[::ffff:7f00:1]",
        "https://[0:0:0:0:0:ffff:127.0.0.1]",
        "https://[::ffff:0:127.0.0.1]",
        "https://[64:ff9b::7f00:1]",
        "https://[64:ff9b:1::a00:1]",
        "https://[2002:7f00:1::]",
        "https://[2001:0:7f00:1::]",
        "https://[2606:4700::5efe:127.0.0.1]",
        "https://[fc00::1]",
        "https://[fd00::1]",
        "https://[fe80::1]",
        "https://[fe80::1%25eth0]",
        "https://[::1%25lo]",
        "https://[fe80::1%lo]",
        "https://[fec0::1]",
        "https://[ff02::1]",
        "https://[2001:db8::1]",
        "https://[2606:4700::1111]",
        "https://::1",
        "https://[::1",
        "https://[v1.x]",
    ],
    "the cloud's own services": [
        "https://169.254.169.254/latest/meta-data",
        "https://169.254.169.254.",
        "https://2852039166",
        "https://0xa9fea9fe",
        "https://0251.0376.0251.0376",
        "https://[::ffff:a9fe:a9fe]",
        "https://[64:ff9b::a9fe:a9fe]",
        "https://[fd00:ec2::254]",
        "https://100.100.100.200",
        "https://192.0.0.192",
        "https://168.63.129.16",
        "https://metadata",
        "https://metadata.google.internal",
        "https://instance-data",
        "https://instance-data.ec2.internal",
    ],
    "names of the inside": [
        "https://localhost",
        "https://LOCALHOST",
        "https://localhost.",
        "https://localhost:8443",
        "https://moodle.localhost",
        "https://localhost.localdomain",
        "https://ip6-localhost",
        "https://moodle.local",
        "https://moodle.lan",
        "https://moodle.corp",
        "https://router.home.arpa",
        "https://1.0.0.127.in-addr.arpa",
        "https://host.docker.internal",
        "https://kubernetes.default.svc",
        "https://kubernetes.default.svc.cluster.local",
        "https://moodle.example.onion",
    ],
    "letters that look alike": [
        "https://\uff11\uff12\uff17.\uff10.\uff10.\uff11",
        "https://\uff10x7f000001",
        "https://\u2460\u2461\u2466.0.0.1",
        "https://\u0661\u0662\u0667.0.0.1",
        "https://\U0001d7cf\U0001d7d0\U0001d7d5.0.0.1",
        "https://\u00b9\u00b2\u2077.0.0.1",
        "https://127\u30020\u30020\u30021",
        "https://127\uff0e0\uff0e0\uff0e1",
        "https://127\uff610\uff610\uff611",
        "https://localhost\u3002localdomain",
        "https://\u24db\u24de\u24d2alhost",
        "https://\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54",
        "https://l\u043ecalhost",
        "https://localho\u017ft",
        "https://loc\u00adalhost",
        "https://loc\u200balhost",
        "https://xn--lcalhost-bwg",
        "https://moodle\u2024example.edu",
        "https://example.edu\u202e",
    ],
    "hidden in another part": [
        "https://moodle.example.edu@127.0.0.1",
        "https://moodle.example.edu:443@127.0.0.1",
        "https://moodle.example.edu:@127.0.0.1",
        "https://moodle.example.edu&@127.0.0.1",
        "https://moodle.example.edu:8443@127.0.0.1",
        "https://@127.0.0.1",
        "https://moodle.example.edu%40127.0.0.1",
        "https://moodle.example.edu\\@127.0.0.1",
        "https://127.0.0.1\\.moodle.example.edu",
        "https://127.0.0.1#.moodle.example.edu",
        "https://127.0.0.1?x=.moodle.example.edu",
        "https://127.0.0.1/.moodle.example.edu",
        "https://127.0.0.1:443:80",
        "https://127.0.0.1\t.example.edu",
        "https://127.0.0.1%2523.example.edu",
        "https://127%2e0%2e0%2e1",
        "https://%31%32%37.0.0.1",
        "https://%6c%6f%63alhost",
        "https://localhost%00.example.edu",
        "https://moodle.example.edu\uff0f@127.0.0.1",
        "https://moodle.example.edu\uff03@127.0.0.1",
    ],
    "ports of other services": [
        "https://moodle.example.edu:22",
        "https://moodle.example.edu:25",
        "https://moodle.example.edu:80",
        "https://moodle.example.edu:6379",
        "https://moodle.example.edu:0",
        "https://moodle.example.edu:99999",
        "https://moodle.example.edu:-1",
        "https://moodle.example.edu:8443x",
    ],
}
"""Refused as they stand, before any name server is asked."""

MISSPELT = [
    "https://user@moodle.example.edu",
    "https://user:pw@moodle.example.edu",
    "https://moodle.example.edu.",
    "https://moodle.example.edu:\uff14\uff14\uff13",
    "https://moodle..example.edu",
    "https://-moodle.example.edu",
    "https://moodle_example.edu",
    "https://*.example.edu",
    "https://${jndi}.example.edu",
    "https://moodle.example.edu|x",
    "https://moodle.example.edu`id`",
    "https://moodle.example.edu\r\nHost: x",
    "https://moodle example.edu",
    "https://moodle.example.edu\x00.evil.example",
    "https://moodle.example.edu\u2028.evil.example",
    "https://moodle.example.edu/%2e%2e/",
    "https://moodle.example.edu/mood le",
    "https://moodle.example.edu/{host}",
    "https://" + "a" * 400 + ".example.edu",
    "https://" + "a" * 64 + ".example.edu",
]
"""No tricks known, but no addresses of a Moodle either."""

LEADING_INSIDE: dict[str, list[str]] = {
    "https://moodle.example.edu": ["127.0.0.1"],
    "https://www.example.edu/moodle": ["10.0.0.5"],
    "https://localtest.example": ["::1"],
    "https://169.254.169.254.wildcard.example": ["169.254.169.254"],
    "https://127.0.0.1.xn--p1ai": ["127.0.0.1"],
    "https://xn--lcalhost-nbh.example": ["127.0.0.1"],
    "https://one-public.example.edu": ["8.8.8.8", "10.0.0.1"],
    "https://private-last.example.edu": ["8.8.8.8", "2606:4700::1111", "::1"],
    "https://private-first.example.edu": ["192.168.0.1", "8.8.8.8"],
    "https://mapped.example.edu": ["::ffff:127.0.0.1"],
    "https://nat64.example.edu": ["64:ff9b::7f00:1"],
    "https://sixtofour.example.edu": ["2002:a00:1::"],
    "https://teredo.example.edu": ["2001:0:4136:e378:8000:63bf:3fff:fdd2"],
    "https://unique-local.example.edu": ["fd00:ec2::254"],
    "https://zone.example.edu": ["fe80::1%eth0"],
    "https://shared.example.edu": ["100.100.100.200"],
    "https://cloud-host.example.edu": ["168.63.129.16"],
    "https://nothing.example.edu": ["0.0.0.0"],
    "https://everybody.example.edu": ["224.0.0.1"],
    "https://octal.example.edu": ["0177.0.0.1"],
    "https://no-number.example.edu": ["localhost"],
}
"""Public names, and what their name servers say."""

NOT_EVEN_A_REQUEST = (httpx.InvalidURL, httpx.ProtocolError, UnicodeError)
REFUSED = [typed for group in HOSTILE.values() for typed in group]


def test_the_table_is_as_long_as_it_says() -> None:
    table = [*REFUSED, *MISSPELT, *LEADING_INSIDE]
    assert len(set(table)) == len(table) == 195


@pytest.mark.parametrize(("typed", "meant"), USABLE.items())
def test_understands_what_students_paste(typed, meant) -> None:
    assert check_site_address(typed, allowed_hosts=NOBODY).url == meant


@pytest.mark.parametrize("typed", [*REFUSED, *MISSPELT])
async def test_refuses_what_is_no_public_site_before_asking_anybody(typed) -> None:
    seen, asked = [], []
    async with client(["8.8.8.8"], seen, asked=asked) as http:
        with pytest.raises(AddressRefusedError) as caught:
            await http.post(check_site_address(typed, allowed_hosts=NOBODY).url)
    assert seen == asked == []
    assert caught.value.message.endswith(".")
    assert caught.value.status == 422


@pytest.mark.parametrize(("typed", "addresses"), LEADING_INSIDE.items())
async def test_a_public_name_that_leads_inside_is_refused_before_connecting(
    typed, addresses
) -> None:
    seen = []
    async with client(addresses, seen) as http:
        with pytest.raises(AddressRefusedError, match="private network"):
            await http.post(check_site_address(typed, allowed_hosts=NOBODY).url)
    assert seen == []


@pytest.mark.parametrize("url", REFUSED)
async def test_the_connection_itself_refuses_them_too(url) -> None:
    seen = []
    async with client(["8.8.8.8"], seen) as http:
        with pytest.raises((AddressRefusedError, *NOT_EVEN_A_REQUEST)):
            await http.get(url)
    assert seen == []


@pytest.mark.parametrize(
    "location", [t for t in REFUSED if t.isascii() and t.isprintable()]
)
async def test_a_redirect_there_is_neither_followed_nor_offered(location) -> None:
    seen = []
    async with client(["8.8.8.8"], seen, location=location) as http:
        with contextlib.suppress(*NOT_EVEN_A_REQUEST):
            await http.get("https://moodle.example.edu/")
    with pytest.raises(MovedError) as moved:
        read_answer("f", 302, {"Location": location}, b"")
    with pytest.raises(FileElsewhereError):
        read_file_head(302, {"Location": location})
    assert moved.value.address == ""
    assert [request.url.host for request in seen] == ["8.8.8.8"]


def test_a_trick_behind_the_name_is_cut_off() -> None:
    typed = "https://moodle.example.edu#@127.0.0.1:6379"
    meant = check_site_address(typed, allowed_hosts=NOBODY).url
    assert meant == "https://moodle.example.edu"


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
    "100:0:0:1::1",
    "168.63.129.16",
    "4000::1",
    "0177.0.0.1",
    "8.8.8.8.",
    "localhost",
    "",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_outside_the_public_internet_is_public(address) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "2a00::1"]
)
def test_public_addresses_are(address) -> None:
    assert is_public(address)


def client(addresses, seen, *, asked=None, down=(), location=None, resolve=None):
    async def name_server(host, port):
        if asked is not None:
            asked.append(host)
        return list(addresses)

    def answer(request):
        seen.append(request)
        if request.url.host in down:
            msg = "refused"
            raise httpx.ConnectError(msg)
        if location is not None:
            return httpx.Response(302, headers={"Location": location})
        return httpx.Response(200, text="hello")

    transport = PublicOnlyTransport(
        allowed_hosts=DEMO,
        inner=httpx.MockTransport(answer),
        resolve=resolve or name_server,
    )
    return httpx.AsyncClient(transport=transport)


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


async def test_a_name_that_moves_inside_after_the_check_gains_nothing() -> None:
    seen, moments = [], iter([["8.8.8.8"], ["127.0.0.1"]])

    async def resolve(host, port):
        return next(moments)

    async with client([], seen, resolve=resolve) as http:
        await http.get("https://moodle.example.edu/first")
        with pytest.raises(AddressRefusedError, match="private network"):
            await http.get("https://moodle.example.edu/second")
    assert [str(request.url) for request in seen] == ["https://8.8.8.8/first"]


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
