"""The one process that serves everything: page, channels, staff API, actions. `python -m assistant.server`."""
import os
import re
import sys
from http import HTTPStatus
from tempfile import NamedTemporaryFile

import yaml
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.access import may_call
from assistant.channels.switchboard import Refusal, credentials
from assistant.logs import configure_logs, hush
from assistant.settings import Settings, get_settings
from assistant.training import model_file

PAGE = "/chat/"
STAFF = "/staff"


def main() -> None:
    """Load the model and serve until stopped. Exits with a plain message when something it needs is missing."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    sys.path.insert(0, os.getcwd())
    settings = get_settings()
    configure_logs()
    model = model_file()
    if not model.exists():
        sys.exit("There is no model for the present data: run `make train`, then start again.")
    try:
        channels = credentials(settings)
    except Refusal as refusal:
        sys.exit(str(refusal))

    import rasa.core.run
    from rasa.core.utils import AvailableEndpoints

    from assistant.endpoints import action_endpoint, prepare_rasa

    prepare_rasa()
    os.environ["ASSISTANT_MODEL"] = model.name  # each assessment names the model it came from
    endpoints = AvailableEndpoints.read_endpoints("endpoints.yml")
    endpoints.action = action_endpoint(settings)
    with NamedTemporaryFile("w", suffix=".yml") as file:  # Rasa takes channels from a file only; it holds no secret
        yaml.safe_dump(channels, file)
        file.flush()
        rasa.core.run.serve_application(
            model_path=str(model),
            credentials=file.name,
            endpoints=endpoints,
            interface=settings.host,
            port=settings.port,
            enable_api=settings.api_is_on,
            server_listeners=[(_add_guards, "before_server_start"), (_announce, "after_server_start")],
        )


def _add_guards(app: Sanic) -> None:
    app.config.ACCESS_LOG = False  # it would hold tokens and conversation ids
    hush("sanic")
    with app.amend():
        app.register_middleware(_guard, "request")


def _guard(request: Request) -> HTTPResponse | None:
    """Send visitors to the page and let only two addresses of Rasa's API through. Channels guard themselves."""
    if request.path == "/":
        return response.redirect(PAGE)
    if request.path.startswith((PAGE.rstrip("/"), STAFF, "/webhooks/")):
        return None
    if not (get_settings().api_is_on and _is_staff_request(request)):
        return response.json({"error": "not found"}, HTTPStatus.NOT_FOUND)
    if not may_call(request, get_settings()):
        return response.json({"error": "not allowed"}, HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
    return None


def _is_staff_request(request: Request) -> bool:
    if request.method == "POST":
        return request.path == "/model/parse"
    return request.method == "GET" and re.fullmatch("/conversations/[^/]+/tracker", request.path) is not None


def _announce(app: Sanic) -> None:
    from assistant.numbers import give_numbers
    from assistant.outage import prepare_for_outage
    from assistant.releases import follow_releases
    from knowledge.database import Store

    agent = app.ctx.agent
    if not agent.is_ready():
        sys.exit("The model could not be loaded: the log above says where it failed.")
    give_numbers(agent)
    prepare_for_outage(agent)
    app.add_task(follow_releases(Store(get_settings().knowledge_database_url, patience=1.0)))
    print(f"The assistant is ready: {_address(get_settings())}", flush=True)


def _address(settings: Settings) -> str:
    host = "localhost" if settings.host in {"127.0.0.1", "0.0.0.0", "::"} else settings.host
    return f"http://{host}:{settings.port}/"


if __name__ == "__main__":
    main()
