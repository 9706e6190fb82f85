"""Who may call the REST channel and the staff API."""
import hmac
from ipaddress import ip_address

from sanic.request import Request

from assistant.settings import Settings

OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "[::1]"})


def may_call(request: Request, settings: Settings) -> bool:
    """With a token set: only who shows it. Without: in development only, and only programs on this machine."""
    if settings.token:
        return _shows_token(request, settings.token)
    return not settings.production and _from_this_machine(request)


def _shows_token(request: Request, expected: str) -> bool:
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    shown = credentials.strip() if scheme.lower() == "bearer" else request.args.get("token", "")
    return hmac.compare_digest(shown.encode(), expected.encode())


def _from_this_machine(request: Request) -> bool:
    """The host name is checked too, or a web page elsewhere could point its own name at this machine; so is a proxy."""
    host = request.headers.get("host", "").rpartition(":")[0] or request.headers.get("host", "")
    forwarded = "forwarded" in request.headers or "x-forwarded-for" in request.headers
    return not forwarded and host in OWN_MACHINE and ip_address(request.ip).is_loopback
