"""The web channel: the patient page, its files and its socket, served from the Rasa process under /chat/."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel
from rasa.core.tracker_store import TrackerStore
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json, redirect
from socketio import AsyncServer

from assistant.channels.conversations import Conversations, Sessions, Turn
from assistant.channels.guard import OnNewMessage, RateLimit, Refused, TooFast, field, from_own_page, peer
from assistant.channels.page import Page, headers, packed
from assistant.settings import get_settings
from knowledge.clinic import Clinic, load_clinic
from knowledge.database import Store, conversation_key

logger = logging.getLogger(__name__)

BASE = "/chat"
COOKIE = "conversation"
MAX_PACKET = 256 * 1024  # bytes: a text over the limit still arrives, to be refused in words
A_YEAR = "public, max-age=31536000, immutable"


class WebChannel(InputChannel):
    """Serves the page and answers its messages. One turn of the assistant is one event."""

    def __init__(self, clinic: Clinic, session_key: str, record_key: str, secure: bool, knowledge_url: str) -> None:
        """Sign sessions with `session_key`; assessments lie under `record_key`; `secure` keeps the cookie off plain http."""
        self.page, self.sessions, self.secure = Page(clinic, BASE), Sessions(session_key), secure
        self.record_key, self.store = record_key, Store(knowledge_url)
        self.headers = headers("'self'", *clinic.allowed_origins)
        self.peers = RateLimit(limit=240, seconds=60)  # a clinic's waiting room may share one address

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebChannel:
        """Create the channel from clinic.yml and the assistant's settings; it takes nothing from credentials.yml."""
        settings = get_settings()
        # The key under which the actions, maybe in another process, keep assessments: or "delete" would not find them.
        record_key = os.environ.get("ASSISTANT_SECRET", "development")
        return cls(load_clinic(), settings.session_key, record_key, settings.production, settings.knowledge_database_url)

    def url_prefix(self) -> str:
        """Return the absolute path, which leaves Rasa's /webhooks/ behind."""
        return BASE

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return page, files, form routes and socket."""
        self.conversations = Conversations(on_new_message, self.name(), self._forget_assessments)
        self.socket = AsyncServer(async_mode="sanic", max_http_buffer_size=MAX_PACKET, logger=False)
        routes = _SocketBlueprint(self.socket, self._add_headers, "web_channel")
        routes.add_route(self._show, "/", methods=["GET"])
        routes.add_route(self._post, "/", methods=["POST"], name="post")
        routes.add_route(self._text, "/text", methods=["POST"])
        routes.add_route(self._forget, "/forget", methods=["POST"])
        routes.add_route(self._static, "/static/<name:str>", methods=["GET"])
        self.socket.on("connect", self._connect)
        self.socket.on("catch_up", self._catch_up)
        self.socket.on("say", self._say)
        return routes

    # Pages and forms: all of it works without JavaScript.

    async def _show(self, request: Request) -> HTTPResponse:
        """Send the page with the conversation so far."""
        key = self._key(request) or self.sessions.new()
        notice = self._strings(request)["deleted"] if "deleted" in request.args else ""
        return await self._draw(request, key, notice=notice)

    async def _post(self, request: Request) -> HTTPResponse:
        """Take a message from the plain form and show the page again."""
        key = self._key(request) or self.sessions.new()
        draft = field(request, "answer") or field(request, "message")
        try:
            self._check(request)
            # Shielded: a browser that goes away in the middle must not leave half a turn behind.
            turn = await asyncio.shield(self._turn(key, draft, field(request, "turn"), _store(request.app)))
        except Refused as error:
            return await self._draw(request, key, 400, problem=str(error), draft=draft)
        return self._with_session(redirect(f"{self._address(request)}#turn-{turn.id}", status=303), key)

    async def _text(self, request: Request) -> HTTPResponse:
        """Send the conversation as a text file."""
        if not from_own_page(request):
            return json({"error": self._strings(request)["not_allowed"]}, status=403)
        conversation = await self.conversations.get(self._key(request) or self.sessions.new(), _store(request.app))
        language = self._language(request)
        name = self._strings(request)["saved_as"]
        body = self.page.text(list(conversation.turns), language).encode()
        extra = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HTTPResponse(body, headers=extra, content_type="text/plain; charset=utf-8")

    async def _forget(self, request: Request) -> HTTPResponse:
        """Delete the conversation for good and begin a new one."""
        key = self._key(request)
        try:
            self._check(request)
            if key:
                await self.conversations.forget(key, _store(request.app))
                await self.socket.emit("forgotten", room=key)
        except Refused as error:
            return await self._draw(request, key or self.sessions.new(), 400, problem=str(error))
        except Exception as error:  # never say it is deleted when it is not
            logger.error("Deleting a conversation failed: %s", type(error).__name__)
            return await self._draw(request, key or "", 500, notice=self._strings(request)["delete_failed"])
        return self._with_session(redirect(f"{self._address(request)}&deleted=1", status=303), self.sessions.new())

    def _forget_assessments(self, key: str) -> None:
        self.store.forget(conversation_key(key, self.record_key))

    async def _static(self, request: Request, name: str) -> HTTPResponse:
        """Send one of the page's files."""
        asset = self.page.assets.get(name)
        if asset is None:
            return json({"error": "not found"}, status=404)
        response = packed(request, asset.body, asset.packed, asset.content_type)
        response.headers["Cache-Control"] = A_YEAR if request.args.get("v") == asset.version else "no-cache"
        if name == "embed.js":  # the one file that a clinic's own site loads
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    async def _draw(self, request: Request, key: str, status: int = 200, **more: str) -> HTTPResponse:
        conversation = await self.conversations.get(key, _store(request.app))
        html = self.page.html(self._language(request), list(conversation.turns), secrets.token_urlsafe(12), **more)
        response = packed(request, html.encode(), None, "text/html; charset=utf-8", status)
        return self._with_session(response, key)

    def _address(self, request: Request) -> str:
        return f"{BASE}/?lang={self._language(request)}"

    def _language(self, request: Request) -> str:
        return self.page.language(field(request, "lang") or request.args.get("lang"))

    def _strings(self, request: Request) -> dict[str, str]:
        return self.page.strings.table(self._language(request), self.page.clinic.country)

    def _with_session(self, response: HTTPResponse, key: str) -> HTTPResponse:
        """Set the only cookie: it ends with the browser's session and scripts can't read it."""
        response.add_cookie(
            COOKIE, self.sessions.sign(key), path=BASE, httponly=True, secure=self.secure, samesite="Lax"
        )
        return response

    def _key(self, request: Request) -> str | None:
        """Return the conversation a request belongs to: by cookie, or by the form's token where frames get none."""
        return self.sessions.read(request.cookies.get(COOKIE)) or self.sessions.read(field(request, "token"))

    def _check(self, request: Request) -> None:
        """Raise Refused for a form that another site's page sent, and for a peer that sends too many."""
        if not from_own_page(request):
            raise Refused(self._strings(request)["not_allowed"])
        if not self.peers.allows(peer(request)):
            raise TooFast

    async def _add_headers(self, request: Request, response: HTTPResponse) -> None:
        if request.path.startswith(BASE):
            for name, value in self.headers.items():
                response.headers.setdefault(name, value)

    # The socket. Its origin check is the library's own: the page's own address only.

    async def _connect(self, sid: str, environ: dict[str, Any], auth: dict[str, Any] | None = None) -> None:
        """Put a tab into the room of its conversation; the signed token is the only way into an existing one."""
        request: Request = environ["sanic.request"]
        cookie = self.sessions.read(request.cookies.get(COOKIE))
        auth = auth if isinstance(auth, dict) else {}
        key = cookie or self.sessions.read(auth.get("token")) or self.sessions.new()
        state = {
            "key": key, "app": request.app, "peer": peer(request),
            "language": self.page.language(auth.get("language")), "token": None if cookie else self.sessions.sign(key),
        }  # fmt: skip
        await self.socket.save_session(sid, state)
        await self.socket.enter_room(sid, key)

    async def _catch_up(self, sid: str, last: object = None) -> dict[str, Any]:
        """Return the turns after the last one the tab knows, and a token where the browser keeps no cookie."""
        state = await self.socket.get_session(sid)
        conversation = await self.conversations.get(state["key"], _store(state["app"]))
        turns = [self.page.event(turn, state["language"]) for turn in conversation.after(last)]
        return {"token": state["token"], "turns": turns}

    async def _say(self, sid: str, data: object = None) -> dict[str, Any]:
        """Answer a message to every tab of the conversation; acknowledge it to the one that sent it."""
        state = await self.socket.get_session(sid)
        data = data if isinstance(data, dict) else {}
        try:
            if not self.peers.allows(state["peer"]):
                raise TooFast
            store = _store(state["app"])
            turn = await self._turn(state["key"], data.get("text"), data.get("id"), store, state["language"])
        except Refused as error:
            return {"ok": False, "error": str(error)}
        return {"ok": True, "turn": self.page.event(turn, state["language"])}

    async def _turn(
        self, key: str, text: object, turn_id: object, store: TrackerStore | None, language: str = ""
    ) -> Turn:
        """Answer one message once and tell the conversation's other tabs."""
        turn, is_new = await self.conversations.say(key, text, turn_id, store)
        if is_new:
            event = self.page.event(turn, self.page.language(language))
            await self.socket.emit("turn", event, room=key)
        return turn


class _SocketBlueprint(Blueprint):
    """A blueprint that also attaches the socket's route to the app, and the headers to whatever is answered."""

    def __init__(
        self, socket: AsyncServer, add_headers: Callable[[Request, HTTPResponse], Awaitable[None]], name: str
    ) -> None:
        super().__init__(name)
        self.ctx.socket, self.ctx.add_headers = socket, add_headers

    def register(self, app: Sanic, options: dict[str, Any]) -> Any:
        """Attach them beside the blueprint's own routes; errors that Sanic answers itself get the headers too."""
        app.register_middleware(self.ctx.add_headers, "response")
        self.ctx.socket.attach(app, f"{BASE}/socket")
        return super().register(app, options)


def _store(app: Sanic) -> TrackerStore | None:
    agent = getattr(app.ctx, "agent", None)
    return agent.tracker_store if agent else None
