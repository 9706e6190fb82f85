"""A real Matrix home server (Synapse) on this machine, in the environment that `make synapse` installs."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from processes import PROJECT, end, free_port, wait_for

PYTHON = PROJECT / ".tools" / "synapse" / "bin" / "python"
SECRET = "a registration secret for tests"
PLENTY = {"per_second": 1000, "burst_count": 1000}
MISSING = "MATRIX WAS NOT TESTED: no Synapse here. `make synapse` installs it."


def need_synapse() -> None:
    """Skip loudly where Synapse is missing; fail in CI."""
    if not PYTHON.exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)


class Homeserver:
    """Synapse with a database in `folder`, for clients on this machine only: no federation, no key server."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        limits = {"rc_message": PLENTY, "rc_joins": {"local": PLENTY}, "rc_invites": {"per_room": PLENTY, "per_user": PLENTY},
                  "rc_login": {"address": PLENTY, "account": PLENTY}, "rc_registration": PLENTY}  # fmt: skip
        settings = {
            "server_name": "localhost", "report_stats": False, "pid_file": str(folder / "pid"), "presence": {"enabled": False},
            "listeners": [{"port": self.port, "bind_addresses": ["127.0.0.1"], "type": "http", "tls": False,
                           "resources": [{"names": ["client"]}]}],
            "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.db")}},
            "media_store_path": str(folder / "media"), "signing_key_path": str(folder / "signing.key"),
            "registration_shared_secret": SECRET, "bcrypt_rounds": 4, "trusted_key_servers": [], "federation_domain_whitelist": [],
            "suppress_key_server_warning": True, **limits,
        }  # fmt: skip
        self.config = folder / "homeserver.yaml"
        self.config.write_text(yaml.safe_dump(settings))
        self._synapse("--generate-keys").wait(60)
        self.start()

    def _synapse(self, *options: str) -> subprocess.Popen:
        log = (self.folder / "synapse.log").open("a")
        command = [str(PYTHON), "-m", "synapse.app.homeserver", "--config-path", str(self.config), *options]
        return subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)

    def start(self) -> None:
        """Start, or start again, with the same database and port."""
        self.process = self._synapse()
        wait_for(self._is_up, 60, self.process)

    def stop(self) -> None:
        """End the process; its database stays."""
        end(self.process)

    def _is_up(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def settings(self, bot: str) -> dict[str, str]:
        """What an operator sets so that the assistant speaks as `bot`, whose account is made."""
        self.register(bot)
        return {"ASSISTANT_CHANNELS": "matrix", "MATRIX_HOMESERVER": self.url, "MATRIX_USER": f"@{bot}:localhost", "MATRIX_PASSWORD": bot}

    def register(self, name: str, admin: bool = False) -> str:
        """Make an account whose password is its name; return its token."""
        address = f"{self.url}/_synapse/admin/v1/register"
        nonce = httpx.get(address).json()["nonce"]
        parts = [nonce, name, name, "admin" if admin else "notadmin"]
        mac = hmac.new(SECRET.encode(), "\0".join(parts).encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": name, "admin": admin, "mac": mac}
        return httpx.post(address, json=body, timeout=30).raise_for_status().json()["access_token"]


class Patients:
    """The process in which patients use matrix-nio, and all that their clients have synced so far."""

    def __init__(self, homeserver: Homeserver) -> None:
        self.homeserver, self.events = homeserver, list[dict[str, Any]]()
        self._writing = threading.Lock()
        log = (homeserver.folder / "patients.log").open("a")
        command = [str(PYTHON), str(Path(__file__).with_name("matrix_patients.py")), homeserver.url]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.events.append(json.loads(line))

    def do(self, what: str, who: str, **details: Any) -> None:
        """Let a patient do something; see matrix_patients.py."""
        assert self.process.stdin
        with self._writing:
            self.process.stdin.write(json.dumps({"do": what, "who": who, **details}) + "\n")
            self.process.stdin.flush()

    def open(self, who: str, bot: str) -> str:
        """Make an account and a room to which the bot is invited; return the room."""
        self.homeserver.register(who)
        self.do("open", who, **{"with": [f"@{bot}:localhost"]})
        return self.wait(lambda event: event["who"] == who and "opened" in event)["opened"]

    def wait(self, wanted: Callable[[dict[str, Any]], bool], seconds: float = 30) -> dict[str, Any]:
        """The first event that is wanted; waits for it."""
        end_time = time.monotonic() + seconds
        while time.monotonic() < end_time:
            if found := next((event for event in list(self.events) if wanted(event)), None):
                return found
            time.sleep(0.02)
        raise AssertionError(f"not within {seconds} s")

    def texts(self, who: str, room: str) -> list[dict[str, Any]]:
        """What others wrote to a patient in a room, each event once."""
        found = [event for event in list(self.events) if event["who"] == who and event.get("room") == room and "text" in event]
        return list({event["id"]: event for event in found}.values())
