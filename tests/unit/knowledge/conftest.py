"""Databases to try releases on."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowledge.database import Store


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory) -> Iterator[str]:
    """URL prefix of a PostgreSQL server of our own, on a socket in a temporary folder. Skips where none can run."""
    programs = _postgres_programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is missing: install the package postgresql")
        pytest.skip("PostgreSQL is not installed here (Debian, Ubuntu: apt install postgresql): NOT TESTED on it")
    folder = tmp_path_factory.mktemp("postgres")
    as_user = _other_user(folder)
    run = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, **as_user}
    subprocess.run([programs / "initdb", "-D", folder / "data", "-U", "clinic", "-A", "trust", "-N"], **run)
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    control = [programs / "pg_ctl", "-D", folder / "data", "-w"]
    subprocess.run([*control, "-l", folder / "log", "-o", options, "start"], **run)
    try:
        yield f"postgresql+psycopg2://clinic@/{{name}}?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **run)


def _postgres_programs() -> Path | None:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = str(installed[-1]) if installed else shutil.which("initdb")
    return Path(found).parent if found else None


def _other_user(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: there, it runs as `nobody`, who then needs a way to the folder."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    shutil.chown(folder, "nobody")
    for parent in list(folder.parents)[:-2]:  # the tests' own folders, down to the system's temporary one
        parent.chmod(parent.stat().st_mode | 0o011)
    return {"user": "nobody", "cwd": folder}


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, tmp_path) -> Store:
    """An empty database with its tables, on each kind of database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/new folder/knowledge.db"
    else:
        from sqlalchemy import create_engine, text

        template = request.getfixturevalue("postgres_server")
        name = f"t{abs(hash(request.node.name)) % 10**12}"
        with create_engine(template.format(name="postgres"), isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        url = template.format(name=name)
    empty = Store(url, patience=2)
    empty.migrate()
    return empty
