"""The staff's password: kept as a hash only. `python -m assistant.staff.password` asks for one and prints the setting."""

from __future__ import annotations

import os
import sys

import click
from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

SETTING = "ASSISTANT_STAFF_PASSWORD_HASH"
SHORTEST = 12  # characters
# OWASP's password storage cheat sheet: Argon2id with 19 MiB, two passes, one lane.
COST = {"iterations": 2, "lanes": 1, "memory_cost": 19 * 1024}


def hashed(password: str) -> str:
    """The hash that goes into the environment, with its salt and cost (PHC string format)."""
    return Argon2id(salt=os.urandom(16), length=32, **COST).derive_phc_encoded(password.encode())


def matches(password: str, its_hash: str) -> bool:
    """Whether this is the password. Takes a tenth of a second, on purpose."""
    try:
        Argon2id.verify_phc_encoded(password.encode(), its_hash)
    except InvalidKey:
        return False
    return True


@click.command()
def main() -> None:
    """Ask for the staff's password and print the setting that turns the staff page on."""
    if sys.stdin.isatty():
        password = click.prompt("Password for the staff page", hide_input=True, confirmation_prompt="The same again", err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if len(password) < SHORTEST:
        raise click.ClickException(f"A password has at least {SHORTEST} characters. Three or four words are easy to keep.")
    click.echo(f"{SETTING}='{hashed(password)}'")


if __name__ == "__main__":
    main()
