"""What Rasa 3.6 expects of Sanic 21.12 and current Sanic does otherwise."""
from collections.abc import Callable
from functools import wraps
from typing import Any

import sanic
import sanic.response
from sanic.response import ResponseStream


def apply() -> None:
    """Change Sanic in place."""
    sanic.Sanic.run = _in_one_process(sanic.Sanic.run)  # type: ignore[method-assign]
    sanic.response.stream = stream  # type: ignore[attr-defined]


def _in_one_process(run: Callable[..., None]) -> Callable[..., None]:
    @wraps(run)
    def run_in_one_process(app: sanic.Sanic, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("workers", 1) != 1:
            raise RuntimeError("More than one Sanic worker is not possible: unset SANIC_WORKERS, start more servers.")
        run(app, *args, **{**kwargs, "single_process": True})

    return run_in_one_process


def stream(
    streaming_fn: Callable[[Any], Any],
    status: int = 200,
    headers: dict[str, str] | None = None,
    content_type: str = "text/plain; charset=utf-8",
) -> ResponseStream:
    """Answer with what `streaming_fn(response)` writes by `await response.write(text)`."""
    return ResponseStream(streaming_fn, status=status, headers=headers, content_type=content_type)
