"""The staff page of a whole server: not there by default, never seen without the password, no form from elsewhere."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from processes import end
from test_server import SECRET, Server

from assistant.settings import Settings
from assistant.staff.channel import StaffChannel
from assistant.staff.password import SETTING, hashed

PASSWORD = "correct horse battery"
OPEN = {("GET", "sign-in"), ("POST", "sign-in"), ("GET", "static/<name:str>")}
Start = Callable[..., Server]
STRICT = "default-src 'none'; script-src 'self'; style-src 'self'"


@pytest.fixture(scope="module")
def password_hash() -> str:
    return hashed(PASSWORD)


@pytest.fixture(scope="module")
def start(model: Path, password_hash: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """`start(NAME="value")` starts a server with a staff page; it is ended with the tests here."""
    servers: list[Server] = []

    def begin(**settings: str) -> Server:
        folder = tmp_path_factory.mktemp("staff")
        own = {"TRACKER_DATABASE_URL": f"sqlite:///{folder}/conversations.db", SETTING: password_hash, "RASA_TELEMETRY_ENABLED": "false"}
        servers.append(Server({**os.environ, **own, **settings}, folder / "server.log"))
        return servers[-1]

    yield begin
    for server in servers:
        end(server.process)


@pytest.fixture(scope="module")
def server(start: Start) -> Server:
    return start()


def every_address(password_hash: str) -> list[tuple[str, str]]:
    """Method and path of each address that the channel registers, read from the blueprint itself."""
    channel = StaffChannel(Settings(ASSISTANT_STAFF_PASSWORD_HASH=password_hash))
    routes = channel.blueprint(lambda message: None)._future_routes
    return [(method, route.uri.lstrip("/")) for route in routes for method in route.methods]


@pytest.fixture
def browser(server: Server) -> Iterator[httpx.Client]:
    """A client that keeps cookies, as a browser does."""
    with httpx.Client(base_url=f"{server.url}/staff/", timeout=30) as client:
        yield client


def token_of(page: httpx.Response) -> str:
    return re.search(r'name="form" value="([^"]+)"', page.text)[1]


def sign_in(browser: httpx.Client, password: str = PASSWORD) -> httpx.Response:
    return browser.post("sign-in", data={"form": token_of(browser.get("sign-in")), "password": password})


def test_there_is_no_staff_page_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SETTING, raising=False)
    assert not StaffChannel(Settings()).blueprint(lambda message: None)._future_routes


def test_nothing_is_seen_without_the_password(server: Server, browser: httpx.Client, password_hash: str) -> None:
    closed = [address for address in every_address(password_hash) if address not in OPEN]
    assert len(closed) >= 8
    form = token_of(browser.get("sign-in"))
    signed_out = {"none": {}, "forged": {"Cookie": "staff=forged"}, "a visitor's": {"Cookie": f"staff={browser.cookies['staff']}"}}
    for headers in signed_out.values():
        for method, path in closed:
            data = {"form": form} if method == "POST" else None
            answer = httpx.request(method, f"{server.url}/staff/{re.sub('<.*?>', 'x', path)}", headers=headers, data=data, timeout=30)
            refused = answer.status_code == 303 and answer.headers["location"] == "/staff/sign-in"
            assert refused or (method == "POST" and answer.status_code == 403), (method, path, answer.status_code)
            assert STRICT in answer.headers["content-security-policy"]


def test_signing_in_and_out(browser: httpx.Client) -> None:
    first = browser.get("sign-in")
    assert STRICT in first.headers["content-security-policy"] and "frame-ancestors 'none'" in first.headers["content-security-policy"]
    assert sign_in(browser, "a wrong password").status_code == 403
    assert browser.get("content/").status_code == 303
    before = browser.cookies["staff"]
    answer = sign_in(browser)
    assert answer.status_code == 303 and answer.headers["location"] == "/staff/"
    for rule in ("HttpOnly", "SameSite=Strict", "Path=/staff"):
        assert rule.lower() in answer.headers["set-cookie"].lower()
    assert "expires" not in answer.headers["set-cookie"].lower() and "secure" not in answer.headers["set-cookie"].lower()
    inside = browser.cookies["staff"]
    assert inside != before, "nobody goes on in a session that was there before"
    page = browser.get("content/")
    assert page.status_code == 200 and "rules are reviewed" in page.text
    assert browser.post("sign-out", data={"form": token_of(page)}).status_code == 303
    assert browser.get("content/").status_code == 303
    assert browser.get("content/", headers={"Cookie": f"staff={inside}"}).status_code == 303, "a kept cookie is worth nothing"


def test_a_form_needs_its_token_and_its_own_page(browser: httpx.Client) -> None:
    sign_in(browser)
    page = browser.get("rule/cd4.1")
    token, mark = token_of(page), re.search(r'name="of" value="(\w+)"', page.text)[1]
    review = {"by": "A. Nurse", "do": "download", "of": mark}
    assert browser.post("rule/cd4.1", data=review).status_code == 403
    assert browser.post("rule/cd4.1", data={**review, "form": "x"}).status_code == 403
    for foreign in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert browser.post("rule/cd4.1", data={**review, "form": token}, headers=foreign).status_code == 403
    file = browser.post("rule/cd4.1", data={**review, "form": token})
    assert file.status_code == 200 and "by: A. Nurse" in file.text and "attachment" in file.headers["content-disposition"]
    changed = browser.post("rule/cd4.1", data={**review, "form": token, "of": "0" * 12})
    assert changed.status_code == 400 and "has changed" in changed.text


def test_guessing_ends_after_five_attempts(browser: httpx.Client) -> None:
    answers = [sign_in(browser, f"guess number {number}").status_code for number in range(6)]  # after those of the tests above
    assert answers == sorted(answers) and answers[-1] == 429
    assert sign_in(browser).status_code == 429


def test_in_production_the_cookie_goes_over_tls_only(start: Start) -> None:
    server = start(ASSISTANT_ENV="production", ASSISTANT_SECRET=SECRET)
    assert "secure" in server.request("GET", "/staff/sign-in").headers["set-cookie"].lower()
