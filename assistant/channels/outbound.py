"""Calls to a provider's interface: tried again with growing pauses, as long as the provider asks to wait."""

from __future__ import annotations

from typing import Any

import aiohttp
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_delay, wait_exponential_jitter

CALL_SECONDS = 20.0
KEEP_TRYING_SECONDS = 120.0
LONGEST_WAIT = 60.0  # seconds between two tries, whatever the provider asks

_growing = wait_exponential_jitter(initial=0.5, max=LONGEST_WAIT / 2, jitter=0.5)


class ApiError(Exception):
    """A call that the provider refused. The text has neither address nor content: both may be secret."""

    def __init__(self, status: int, body: Any, headers: Any) -> None:
        """Keep the status, the provider's own code and how long it asks to wait."""
        body = body if isinstance(body, dict) else {}
        self.status, self.code = status, body.get("errcode") or body.get("error_code") or body.get("code")
        self.wait = _asked_to_wait(body, headers)
        super().__init__(f"HTTP {status}, {self.code}")


class Api:
    """One provider's interface below `base`. Open it before the first call, close it in the end."""

    def __init__(self, base: str, auth: aiohttp.BasicAuth | None = None, keep_trying: float = KEEP_TRYING_SECONDS) -> None:
        """Call addresses below `base`; `keep_trying` (seconds) is for calls that must not be given up soon."""
        self.base, self.auth, self.keep_trying = base.rstrip("/"), auth, keep_trying
        self.headers: dict[str, str] = {}
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Begin; needs a running event loop."""
        self._session = aiohttp.ClientSession(trust_env=True, auth=self.auth)

    async def close(self) -> None:
        """End all connections."""
        if self._session:
            await self._session.close()

    async def call(self, method: str, path: str, seconds: float = CALL_SECONDS, **options: Any) -> dict[str, Any]:
        """Call once; return the body's JSON object. Raises ApiError, or aiohttp's own errors when nobody answers."""
        assert self._session is not None
        timeout = aiohttp.ClientTimeout(total=seconds)
        async with self._session.request(
            method, self.base + path, timeout=timeout, headers=self.headers, allow_redirects=False, **options
        ) as response:
            try:
                body = await response.json(content_type=None)
            except ValueError:
                body = None
            if response.status >= 300 or not isinstance(body, dict):
                raise ApiError(response.status, body, response.headers)
            return body

    async def insist(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        """Call until it works, for up to `keep_trying`. What the provider refuses for good is not tried again.

        A call whose answer got lost is made again: an answer that arrives twice is better than one that never does.
        """
        async for attempt in AsyncRetrying(
            retry=retry_if_exception(self.may_work_later), wait=pause, stop=stop_after_delay(self.keep_trying), reraise=True
        ):
            with attempt:
                return await self.call(method, path, **options)
        raise AssertionError("unreachable")

    def may_work_later(self, error: BaseException) -> bool:
        """Tell whether another try can help: the network, a busy or a broken server."""
        if isinstance(error, ApiError):
            return error.status == 429 or error.status >= 500
        return isinstance(error, aiohttp.ClientError | TimeoutError)


def pause(state: RetryCallState) -> float:
    """Return the seconds to wait: what the provider asked for, else longer each time."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.wait if isinstance(error, ApiError) else None
    return min(asked, LONGEST_WAIT) if asked is not None else _growing(state)


def _asked_to_wait(body: dict[str, Any], headers: Any) -> float | None:
    """Seconds: Matrix gives `retry_after_ms`, Telegram `parameters.retry_after`, others the header Retry-After."""
    try:
        if "retry_after_ms" in body:
            return float(body["retry_after_ms"]) / 1000
        asked = (body.get("parameters") or {}).get("retry_after") or headers.get("Retry-After")
        return float(asked) if asked is not None else None
    except (TypeError, ValueError, AttributeError):
        return None


def reason(error: BaseException) -> str:
    """Return what may be logged of a failed call: never an address, which can hold a token or a telephone number."""
    return str(error) if isinstance(error, ApiError) else type(error).__name__
