"""What a student sees when something typed, a site or a file is not as it should be."""

import re
from dataclasses import dataclass

import pytest
from playwright.async_api import expect


@dataclass(frozen=True)
class Attempt:
    """What is typed into the Moodle form, what fails there, and the sentence's gist."""

    name: str
    says: str
    site: str = ""
    username: str = "mina"
    password: str = "campus"
    failure: str = ""


MOODLE_ATTEMPTS = [
    Attempt("wrong password", "did not accept this user name", password="wrong"),
    Attempt("unknown user", "did not accept this user name", username="nobody"),
    Attempt("script as user name", "did not accept this user name", username="<script>"),
    Attempt("no address", "address", site="not an address"),
    Attempt("plain http", "https", site="http://moodle.example.org"),
    Attempt("private network", "address", site="https://192.168.1.10"),
    Attempt("private network by number", "address", site="https://3232235786"),
    Attempt("this machine", "address", site="https://localhost"),
    Attempt("cloud metadata", "address", site="http://169.254.169.254/latest"),
    Attempt("IPv6 loopback", "address", site="https://[::1]/"),
    Attempt("name and password in the address", "address", site="https://a:b@moodle.org"),
    Attempt("script as address", "address", site="javascript:alert(1)"),
    Attempt("a site that is not there", "reach", site="https://moodle.invalid"),
    Attempt("Moodle down", "not working", failure="gateway_down"),
    Attempt("maintenance", "maintenance", failure="maintenance"),
    Attempt("maintenance by command line", "maintenance", failure="maintenance_cli"),
    Attempt("web services off", "switched off", failure="web_services_off"),
    Attempt("Moodle without its database", "database", failure="database_down"),
    Attempt("upgrade", "upgraded", failure="upgrade_running"),
    Attempt("garbage", "cannot read", failure="garbage"),
    Attempt("half an answer", "cannot read", failure="truncated_json"),
    Attempt(
        "a web page instead of an answer",
        "cannot read",
        failure="html_instead_of_json",
    ),
    Attempt("too many requests", "busy", failure="too_many_requests"),
]


@pytest.mark.parametrize("attempt", MOODLE_ATTEMPTS, ids=lambda attempt: attempt.name)
async def test_a_failed_sign_in_says_why_and_keeps_what_was_typed(visit, attempt) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.open("/sign-in")
    try:
        if attempt.failure:
            await visitor.fail_demo(attempt.failure)
        await visitor.fill_moodle(
            username=attempt.username, password=attempt.password, site=attempt.site
        )
        await page.keyboard.press("Enter")
        alert = page.get_by_role("alert").filter(has_text=attempt.says)
        await expect(alert).to_be_visible()
    finally:
        await visitor.heal_demo()
    said = await alert.inner_text()
    assert said.rstrip().endswith(".")
    assert not re.search(r"Traceback|Error|errorcode|\{", said)
    typed = page.get_by_label("Moodle user name")
    await expect(typed).to_have_value(attempt.username)
    await expect(page.locator("input[type=password]:visible")).to_have_value("")
    assert "sm_access" not in {item["name"] for item in await page.context.cookies()}
    assert visitor.complaints == []


async def test_a_dead_pasted_token_is_named(visit) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.open("/sign-in")
    await page.get_by_text("Moodle token", exact=True).click()
    await (
        page.get_by_label("Address of your Moodle")
        .locator("visible=true")
        .fill(visitor.demo)
    )
    await page.get_by_label("Token", exact=False).last.fill("0" * 32)
    await page.keyboard.press("Enter")
    await expect(
        page.get_by_role("alert").filter(has_text="did not accept this token")
    ).to_be_visible()


LOCAL_ATTEMPTS = [
    ("mina@uni", "correct horse battery", "Mina", "e-mail"),
    ("mina@uni.edu", "short", "Mina", "password"),
    ("mina@uni.edu", "correct horse battery", "   ", "name"),
]


@pytest.mark.parametrize(("email", "password", "name", "says"), LOCAL_ATTEMPTS)
async def test_a_poor_registration_is_told_so(visit, email, password, name, says) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.open("/sign-in")
    fields = {"email": email, "password": password, "display_name": name}
    # Past the browser's own checks, as a program or an old browser would send it.
    await page.evaluate(
        """fields => {
          const form = document.createElement("form");
          form.method = "post"; form.action = "/api/v1/auth/login";
          for (const [name, value] of Object.entries({way: "register", ...fields})) {
            const input = document.createElement("input");
            input.name = name; input.value = value; form.append(input);
          }
          document.body.append(form); form.submit();
        }""",
        fields,
    )
    await expect(page.get_by_role("alert").filter(has_text=says)).to_be_visible()
    assert visitor.complaints == []


UNREADABLE = [
    ("CHEM 221", "Last year's examination", "locked with a password"),
    ("CHEM 221", "Mechanism drill", "damaged"),
    ("HIST 203", "Map of the railways in 1850", "empty"),
]


@pytest.mark.parametrize(("course", "material", "says"), UNREADABLE)
async def test_a_file_that_cannot_be_read_says_why(visit, course, material, says) -> None:
    mina = await visit()
    await mina.sign_in()
    await mina.await_sync()
    await mina.open("/smart-study")
    await mina.page.get_by_role("button", name=f"Lectures of {course}").click()
    row = mina.page.locator("li", has_text=material).last
    await expect(row).to_contain_text(says)
    assert mina.complaints == []


async def test_a_dead_token_stops_the_sync_and_offers_the_way_back(visit) -> None:
    mina = await visit()
    page = mina.page
    await mina.sign_in()
    await mina.await_sync()
    try:
        await mina.fail_demo("invalid_token")
        await page.get_by_role("button", name="Sync now").click()
        await expect(page.locator("[data-run-state=failed]")).to_contain_text("run out")
        await expect(page.get_by_text("Biology: Cells & Heredity")).to_be_visible()
    finally:
        await mina.heal_demo()
    await page.get_by_role("button", name="See what to do").click()
    await page.get_by_text("Connect again").click()
    await page.get_by_label("Password").fill("campus")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-run-state=done]")).to_be_visible(timeout=30_000)
    await expect(page.get_by_text("Connect again")).to_have_count(0)


@pytest.mark.parametrize(
    "path",
    [
        "/smart-study/lecture/not-an-id",
        "/smart-study/lecture/00000000-0000-0000-0000-000000000000",
        "/smart-study/review?course=<script>",
        "/nowhere",
    ],
)
async def test_a_wrong_address_inside_leads_on(visit, path) -> None:
    mina = await visit()
    await mina.sign_in()
    await mina.page.goto(path)
    await expect(mina.page.get_by_role("heading", level=1).first).to_be_attached()
    await expect(mina.page.get_by_text("Traceback")).to_have_count(0)
    assert not [line for line in mina.complaints if "404" not in line]
