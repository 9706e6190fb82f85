"""Who is signed in to the staff page: signed cookies, form tokens, and a limit on guessing."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import dataclass

from itsdangerous import BadSignature, Signer, URLSafeTimedSerializer

from assistant.channels.guard import RateLimit
from assistant.staff.password import matches

SESSION_SECONDS = 20 * 60 * 60  # WCAG 2.2.1 exempts limits from 20 hours on
REMEMBERED = 10_000  # ended sessions


@dataclass(frozen=True)
class Session:
    """A browser. `key` is random; `staff` tells that the password was given."""

    key: str
    staff: bool = False


class SignIn:
    """Makes and reads sessions. Everything they prove is in the signature, so any server with the same settings can read them."""

    def __init__(self, password_hash: str, secret: str) -> None:
        """Sign with `secret`; another password ends all sessions."""
        self._hash = password_hash
        self._cookies = URLSafeTimedSerializer(secret, salt=f"staff {password_hash}")
        self._forms = Signer(secret, salt="staff form")
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._tries, self._all_tries = RateLimit(limit=5, seconds=300), RateLimit(limit=60, seconds=300)

    def new(self, staff: bool = False) -> Session:
        """A session that did not exist before: signing in never goes on in one that somebody else may know."""
        return Session(secrets.token_urlsafe(24), staff)

    def cookie(self, session: Session) -> str:
        """The cookie's value."""
        return str(self._cookies.dumps([session.key, session.staff]))

    def read(self, cookie: str | None) -> Session | None:
        """The session a cookie stands for; None when it is forged, too old, or signed out of."""
        try:
            key, staff = self._cookies.loads(cookie or "", max_age=SESSION_SECONDS)
        except BadSignature:
            return None
        return None if key in self._ended else Session(key, staff)

    def form_token(self, session: Session) -> str:
        """What a form must carry to show that it was drawn for this session."""
        return self._forms.get_signature(session.key).decode()

    def is_own_form(self, session: Session, token: str) -> bool:
        """Whether a form with this token was drawn for the session."""
        return self._forms.verify_signature(session.key, token)

    def may_try(self, peer: str) -> bool:
        """Count one attempt of this address and tell whether it is within the limits."""
        return self._tries.allows(peer) and self._all_tries.allows("")

    async def check(self, password: str) -> bool:
        """Whether this is the password; patients' turns go on meanwhile."""
        return await asyncio.to_thread(matches, password, self._hash)

    def end(self, session: Session) -> None:
        """Sign out: the cookie is worth nothing from now on."""
        self._ended[session.key] = None
        if len(self._ended) > REMEMBERED:
            self._ended.popitem(last=False)
