"""The socket of the web channel: whose conversation it is, what comes back, what is never lost or doubled."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import socketio
from host import KEY
from visitors import Host

from assistant.channels.conversations import Sessions
from knowledge.database import Store, StoredAssessment, conversation_key


@asynccontextmanager
async def tab(host: Host, token: str | None = None, headers: dict[str, str] | None = None, **options: Any):
    """A connected client with the turns it got as events."""
    client = socketio.AsyncClient(reconnection=False)
    client.turns = []  # type: ignore[attr-defined]
    client.on("turn", client.turns.append)
    await client.connect(
        host.origin, socketio_path="/chat/socket", auth={"token": token}, headers=headers or {},
        transports=options.get("transports", ["websocket"]),
    )  # fmt: skip
    yield client
    await client.disconnect()


async def say(client: Any, text: object, turn_id: str | None = None) -> dict[str, Any]:
    return await client.call("say", {"text": text, "id": turn_id}, timeout=15)


def run(story: Any) -> Any:
    """Run a story in a thread of its own: the browser's fixture keeps a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, story).result()


def test_one_turn_is_one_event_with_data_html_and_words_for_a_screen_reader(host: Host) -> None:
    async def story() -> None:
        async with tab(host) as client:
            await client.call("catch_up", None)
            reply = await say(client, "question", "question-1")
            await asyncio.sleep(0.1)
            assert reply["ok"]
            assert [turn["id"] for turn in client.turns] == ["question-1"]
            turn = client.turns[0]
            assert turn == reply["turn"]
            assert turn["messages"][0]["text"] == "Did it start suddenly?"
            assert [one["payload"] for one in turn["messages"][0]["buttons"]] == ["yes, it did", "no", "Not sure"]
            assert turn["announce"] == "Assistant: Did it start suddenly? 3 answers to choose from."
            assert turn["html"].count("<button") == 3

    run(story())


def test_the_same_message_twice_is_counted_once_even_at_the_same_moment(host: Host) -> None:
    async def story() -> None:
        async with tab(host) as client:
            twice = (say(client, "slow one", "same-id-1") for _ in range(2))
            first, second = await asyncio.gather(*twice)
            assert first == second
            assert len((await client.call("catch_up", None))["turns"]) == 1

    run(story())


def test_two_messages_at_once_are_answered_in_order(host: Host) -> None:
    async def story() -> None:
        async with tab(host) as client:
            await asyncio.gather(say(client, "slow first", "first-00"), say(client, "second", "second-0"))
            turns = (await client.call("catch_up", None))["turns"]
            assert [turn["you"] for turn in turns] == ["slow first", "second"]

    run(story())


def test_what_was_said_meanwhile_is_replayed_after_the_last_known_turn(host: Host) -> None:
    async def story() -> None:
        async with tab(host) as client:
            token = (await client.call("catch_up", None))["token"]
            await say(client, "one", "number-1")
        async with tab(host, token) as other:
            await say(other, "two", "number-2")
        async with tab(host, token) as back:
            missed = (await back.call("catch_up", "number-1"))["turns"]
            assert [turn["you"] for turn in missed] == ["two"]

    run(story())


def test_only_the_signed_token_leads_to_a_conversation(host: Host) -> None:
    async def story() -> None:
        async with tab(host) as client:
            token = (await client.call("catch_up", None))["token"]
            await say(client, "my secret")
        for forged in (token[:-2] + "xx", token.split(".")[0], "web-guess", "", {"key": "x"}, None):
            async with tab(host, forged) as thief:
                assert (await thief.call("catch_up", None))["turns"] == []

    run(story())


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_other_origins_are_refused(host: Host, transport: str) -> None:
    async def story() -> None:
        with pytest.raises(socketio.exceptions.ConnectionError):
            async with tab(host, headers={"Origin": "https://evil.example"}, transports=[transport]):
                pass

    run(story())


@pytest.mark.parametrize("text", [None, 7, ["hi"], "x" * 9000])
def test_what_cannot_be_taken_is_refused_in_words(host: Host, text: object) -> None:
    async def story() -> None:
        async with tab(host) as client:
            reply = await say(client, text)
            assert not reply["ok"]
            assert "999" in reply["error"] or "must be a text" in reply["error"]
            assert (await client.call("catch_up", None))["turns"] == []

    run(story())


@pytest.mark.parametrize("data", [None, "text", 5, [], {"id": {}, "text": "hi"}, {"id": "<script>", "text": "hi"}])
def test_odd_packets_do_not_break_the_connection(host: Host, data: object) -> None:
    async def story() -> None:
        async with tab(host) as client:
            await client.call("say", data, timeout=15)
            assert (await say(client, "still there?"))["ok"]

    run(story())


def test_too_many_messages_are_slowed_down_in_words(host: Host) -> None:
    async def story() -> None:
        async with tab(host) as client:
            replies = [await say(client, f"message {i}") for i in range(21)]
            assert all(reply["ok"] for reply in replies[:20])
            assert "wait half a minute" in replies[20]["error"]

    run(story())


@pytest.mark.parametrize("text", ["nothing", "crash"])
def test_a_silent_or_failing_bot_gives_the_safe_sentence(host: Host, text: str) -> None:
    async def story() -> None:
        async with tab(host) as client:
            reply = await say(client, text)
            assert "999, 112 or 911" in reply["turn"]["messages"][0]["text"]

    run(story())


def test_the_page_has_strict_headers_and_its_files_are_compressed(host: Host) -> None:
    page = httpx.get(host.url)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert f"frame-ancestors 'self' http://localhost:{host.clinic_port}" in policy
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in page.headers
    cookie = page.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/chat" in cookie
    assert "max-age" not in cookie and "expires" not in cookie
    names = re.findall(r'(?:href|src)="(/chat/static/[^"]+)"', page.text)
    assert len(names) == 4
    sizes = [_compressed_size(host, host.url), *(_compressed_size(host, host.origin + name) for name in names)]
    assert sum(sizes) < 60_000


def _compressed_size(host: Host, address: str) -> int:
    with httpx.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as response:
        assert response.status_code == 200
        assert response.headers["content-encoding"] == "gzip"
        return sum(len(part) for part in response.iter_raw())


@pytest.mark.parametrize("path", ["../web.py", "..%2f..%2fclinic.yml", "index.html", "%2e%2e/x.yml", "strings/en.json"])
def test_no_other_file_can_be_had(host: Host, path: str) -> None:
    assert httpx.get(f"{host.url}static/{path}").status_code == 404


def test_a_form_from_another_site_is_refused(host: Host) -> None:
    with httpx.Client() as client:
        client.get(host.url)
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            response = client.post(host.url, data={"message": "hi"}, headers=headers)
            assert response.status_code == 400
            assert "You said" not in response.text
            assert client.post(f"{host.url}text", headers=headers).status_code == 403
            assert client.post(f"{host.url}forget", headers=headers).status_code == 400


def test_the_same_form_sent_twice_is_counted_once(host: Host) -> None:
    with httpx.Client(follow_redirects=True) as client:
        form = {"turn": _form_id(client.get(host.url).text), "message": "hello"}
        client.post(host.url, data=form)
        assert client.post(host.url, data=form).text.count("You said: hello") == 1


def _form_id(html: str) -> str:
    found = re.search(r'name="turn" value="([^"]+)"', html)
    assert found
    return found[1]


def test_deleting_really_deletes(host: Host) -> None:
    with httpx.Client(follow_redirects=True) as client:
        client.get(host.url)
        client.post(host.url, data={"message": "canary-0815"})
        key = Sessions(KEY).read(client.cookies["conversation"])
        assert key
        conversation = conversation_key(key, KEY)
        store = Store(f"sqlite:///{host.knowledge}")
        with store.session() as session:
            about = {"at": datetime.now(UTC), "release_id": 1, "urgency": "soon", "case": {}, "result": {}}
            session.add(StoredAssessment(conversation=conversation, **about))
        assert _events(host) > 0
        page = client.post(f"{host.url}forget")
        assert "Your conversation was deleted." in page.text
        assert _events(host) == 0
        assert store.forget(conversation) == 0
        assert "canary-0815" not in client.get(host.url).text


def _events(host: Host) -> int:
    with sqlite3.connect(host.database) as database:
        return database.execute("select count(*) from events where data like '%canary-0815%'").fetchone()[0]
