"""Patients with matrix-nio, in the environment of `make synapse`. One JSON command a line comes in, one JSON event a line goes out.

    {"do": "open", "who": "pat1", "with": ["@bot:localhost"]}   makes an account's client and a room; out: {"room": ...}
    {"do": "say", "who": "pat1", "room": "!...", "text": "hello"}
    {"do": "invite", "who": "pat1", "room": "!...", "user": "@other:localhost"}
    {"do": "join", "who": "other", "room": "!..."}
Everything that others write, and who joins or leaves, goes out as it is synced.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from nio import AsyncClient, AsyncClientConfig, RoomMemberEvent, RoomMessageText, TypingNoticeEvent

clients: dict[str, AsyncClient] = {}


def tell(**event: Any) -> None:
    print(json.dumps(event), flush=True)


async def client_of(server: str, who: str) -> AsyncClient:
    """The account's client, logged in and syncing."""
    if who not in clients:
        client = clients[who] = AsyncClient(server, f"@{who}:localhost", config=AsyncClientConfig(max_timeouts=0))
        await client.login(who)

        async def on_text(room: Any, event: RoomMessageText) -> None:
            if event.sender != client.user_id:
                content = event.source["content"]
                tell(who=who, room=room.room_id, sender=event.sender, text=event.body, html=content.get("formatted_body"),
                     kind=content.get("msgtype"), id=event.event_id)

        async def on_member(room: Any, event: RoomMemberEvent) -> None:
            tell(who=who, room=room.room_id, member=event.state_key, membership=event.membership)

        async def on_typing(room: Any, event: TypingNoticeEvent) -> None:
            tell(who=who, room=room.room_id, typing=event.users)

        client.add_event_callback(on_text, RoomMessageText)
        client.add_event_callback(on_member, RoomMemberEvent)
        client.add_ephemeral_callback(on_typing, TypingNoticeEvent)
        await client.sync(timeout=0, full_state=True)
        asyncio.create_task(client.sync_forever(timeout=10_000, loop_sleep_time=10))
    return clients[who]


async def obey(server: str, command: dict[str, Any]) -> None:
    client = await client_of(server, command["who"])
    match command["do"]:
        case "open":
            made = await client.room_create(invite=command["with"], is_direct=True)
            tell(who=command["who"], opened=made.room_id, number=command.get("number"))
        case "say":
            content = command.get("content") or {"msgtype": "m.text", "body": command["text"]}
            await client.room_send(command["room"], command.get("type", "m.room.message"), content)
        case "invite":
            await client.room_invite(command["room"], command["user"])
        case "join":
            await client.join(command["room"])


async def main(server: str) -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        asyncio.create_task(obey(server, json.loads(line)))
    for client in clients.values():
        await client.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
