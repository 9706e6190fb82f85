"""Stands in for Telegram, Twilio and Slack on this machine: the documented requests in, the documented answers out.

Telegram: https://core.telegram.org/bots/api. Twilio: https://www.twilio.com/docs/usage/security and .../messaging/api/message-resource.
Slack: https://api.slack.com/authentication/verifying-requests-from-slack and https://api.slack.com/methods/chat.postMessage.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from aiohttp import web
from processes import free_port

TELEGRAM_TOKEN, TELEGRAM_SECRET = "123456:a-token-for-tests", "a-secret-for-tests-01"
ACCOUNT, TWILIO_TOKEN = f"AC{'0' * 32}", "a-twilio-token-for-tests"
SMS_NUMBER, WHATSAPP_NUMBER, TEMPLATE = "+441632960001", "+441632960002", f"HX{'1' * 32}"
SLACK_TOKEN, SLACK_SECRET = "xoxb-a-token-for-tests", "a-slack-secret-for-tests"


@dataclass
class Sent:
    """One call that the assistant made: to whom, and all it said."""

    to: str
    body: dict[str, Any]


@dataclass
class Providers:
    """The stand-ins in a thread of their own. `refuse` holds answers that the next calls to a person get instead of success."""

    port: int = field(default_factory=free_port)
    sent: list[Sent] = field(default_factory=list)
    webhook: dict[str, Any] = field(default_factory=dict)
    other: list[str] = field(default_factory=list)
    refuse: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self, port: int) -> dict[str, str]:
        """What an operator sets so that the assistant on `port` talks to these."""
        return {
            "ASSISTANT_CHANNELS": "telegram,sms,whatsapp,slack", "ASSISTANT_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "TELEGRAM_BOT_TOKEN": TELEGRAM_TOKEN, "TELEGRAM_WEBHOOK_SECRET": TELEGRAM_SECRET, "TELEGRAM_API_URL": self.url,
            "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TWILIO_TOKEN, "TWILIO_API_URL": self.url,
            "TWILIO_SMS_FROM": SMS_NUMBER, "TWILIO_WHATSAPP_FROM": WHATSAPP_NUMBER, "TWILIO_WHATSAPP_TEMPLATE": TEMPLATE,
            "SLACK_BOT_TOKEN": SLACK_TOKEN, "SLACK_SIGNING_SECRET": SLACK_SECRET, "SLACK_API_URL": f"{self.url}/api",
        }  # fmt: skip

    def to(self, person: str) -> list[dict[str, Any]]:
        """What a person was sent so far."""
        return [sent.body for sent in self.sent if sent.to == person]

    def start(self) -> None:
        """Listen; return when the port is open."""
        ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True).start()
        assert ready.wait(10)

    async def _serve(self, ready: threading.Event) -> None:
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._telegram)
        app.router.add_post("/2010-04-01/Accounts/{account}/Messages.json", self._twilio)
        app.router.add_get("/2010-04-01/Accounts/{account}.json", self._twilio_account)
        app.router.add_post("/api/{method}", self._slack)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        ready.set()
        await asyncio.Event().wait()

    async def _telegram(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != TELEGRAM_TOKEN:
            return _json(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
        body = await request.json() if request.can_read_body else {}
        match request.match_info["method"]:
            case "setWebhook":
                self.webhook = body
            case "sendMessage":
                text = body.get("text", "")
                if not text.strip() or len(text.encode("utf-16-le")) > 2 * 4096:
                    return _json(400, {"ok": False, "error_code": 400, "description": "Bad Request"})
                return self._take(str(body["chat_id"]), body, {"ok": True, "result": {"message_id": len(self.sent) + 1}})
            case "getMe":
                return _json(200, {"ok": True, "result": {"id": 1, "is_bot": True, "username": "stand_in_bot"}})
            case "getWebhookInfo":
                return _json(200, {"ok": True, "result": {"url": self.webhook.get("url", ""), "pending_update_count": 0}})
            case method:
                self.other.append(method)
        return _json(200, {"ok": True, "result": True})

    async def _twilio(self, request: web.Request) -> web.Response:
        expected = base64.b64encode(f"{ACCOUNT}:{TWILIO_TOKEN}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {expected}":
            return _json(401, {"code": 20003, "message": "Authenticate", "status": 401})
        body = dict(await request.post())
        if "ContentSid" not in body and not 0 < len(str(body.get("Body", ""))) <= 1600:
            return _json(400, {"code": 21617, "message": "Body", "status": 400})
        return self._take(str(body["To"]), body, {"sid": f"SM{len(self.sent):032x}", "status": "queued"}, 201)

    async def _twilio_account(self, request: web.Request) -> web.Response:
        return _json(200, {"sid": request.match_info["account"], "status": "active"})

    async def _slack(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {SLACK_TOKEN}":
            return _json(200, {"ok": False, "error": "invalid_auth"})
        if request.match_info["method"] == "auth.test":
            return _json(200, {"ok": True, "user": "assistant", "team": "stand-in"})
        body = await request.json() if request.content_type == "application/json" else dict(await request.post())
        blocks = body.get("blocks") or []
        blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
        long = [block for block in blocks if block["type"] == "section" and len(block["text"]["text"]) > 3000]
        wide = [one for block in blocks if block["type"] == "actions" for one in block["elements"] if len(one["text"]["text"]) > 75]
        if long or wide or not body.get("text"):
            return _json(200, {"ok": False, "error": "invalid_blocks"})
        return self._take(str(body["channel"]), {**body, "blocks": blocks}, {"ok": True, "ts": f"{time.time():.6f}"})

    def _take(self, to: str, body: dict[str, Any], answer: dict[str, Any], status: int = 200) -> web.Response:
        if self.refuse[to]:
            return _json(*self.refuse[to].pop(0))
        self.sent.append(Sent(to, body))
        return _json(status, answer)


def _json(status: int, body: dict[str, Any]) -> web.Response:
    headers = {"Retry-After": str(body["retry_after"])} if "retry_after" in body else None
    return web.json_response(body, status=status, headers=headers)


class Hooks:
    """Calls the assistant's webhooks the way the providers do."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx.Client(base_url=url, timeout=30)

    def telegram(self, update: Any, secret: str | None = TELEGRAM_SECRET) -> httpx.Response:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {}
        content = update if isinstance(update, bytes) else json.dumps(update).encode()
        return self.client.post("/webhooks/telegram/webhook", content=content, headers={**headers, "content-type": "application/json"})

    def twilio(
        self, path: str, fields: dict[str, str], token: str = TWILIO_TOKEN, signed: dict[str, str] | None = None
    ) -> httpx.Response:
        """`signed` are the fields that the signature is made of, where they differ from those sent."""
        url = f"{self.url}/webhooks/{path}"
        whole = url + "".join(name + value for name, value in sorted((fields if signed is None else signed).items()))
        signature = base64.b64encode(hmac.new(token.encode(), whole.encode(), hashlib.sha1).digest()).decode()
        headers = {"X-Twilio-Signature": signature, "content-type": "application/x-www-form-urlencoded; charset=utf-8"}
        return self.client.post(f"/webhooks/{path}", content=urlencode(fields), headers=headers)

    def slack(
        self, body: Any, secret: str = SLACK_SECRET, age: float = 0, headers: dict[str, str] | None = None, form: bool = False
    ) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        content = urlencode({"payload": content}).encode() if form else content
        stamp = str(int(time.time() - age))
        signature = "v0=" + hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + content, hashlib.sha256).hexdigest()
        kind = "application/x-www-form-urlencoded" if form else "application/json"
        shown = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature, "content-type": kind, **(headers or {})}
        return self.client.post("/webhooks/slack/webhook", content=content, headers=shown)
