"""The staff's password and sessions."""

import subprocess
import sys
import time

import pytest
from pydantic import ValidationError

from assistant.settings import Settings
from assistant.staff.password import SETTING, hashed, matches
from assistant.staff.sign_in import SESSION_SECONDS, SignIn

HASH = hashed("correct horse battery")


def test_only_the_password_matches_its_hash():
    assert matches("correct horse battery", HASH)
    assert not any(matches(wrong, HASH) for wrong in ("", "Correct horse battery", "correct horse battery ", HASH))
    assert not matches("correct horse battery", "no hash")
    assert hashed("correct horse battery") != HASH, "each hash has its own salt"


def test_the_command_prints_a_setting_that_the_server_takes(monkeypatch):
    command = [sys.executable, "-m", "assistant.staff.password"]
    run = subprocess.run(command, input="correct horse battery\n", capture_output=True, text=True, check=True, timeout=60)
    name, _, value = run.stdout.strip().partition("=")
    assert name == SETTING
    monkeypatch.setenv(SETTING, value.strip("'"))
    assert matches("correct horse battery", Settings().staff_hash)
    short = subprocess.run(command, input="short\n", capture_output=True, text=True, timeout=60)
    assert short.returncode and "12 characters" in short.stderr


def test_a_password_instead_of_its_hash_is_refused(monkeypatch):
    monkeypatch.setenv(SETTING, "correct horse battery")
    with pytest.raises(ValidationError, match="not a hash"):
        Settings()


@pytest.fixture
def sign_in():
    return SignIn(HASH, "a secret that only this test uses")


def test_a_cookie_leads_back_to_its_session_only_as_it_was_given(sign_in):
    session = sign_in.new(staff=True)
    cookie = sign_in.cookie(session)
    assert sign_in.read(cookie) == session
    visitor = sign_in.cookie(sign_in.new())
    assert not sign_in.read(visitor).staff
    for forged in (None, "", "x", cookie[:-1], cookie + "x", visitor[:8] + cookie[8:], cookie.swapcase()):
        assert sign_in.read(forged) is None


def test_a_session_ends_by_signing_out_by_time_and_by_another_password(sign_in, monkeypatch):
    session = sign_in.new(staff=True)
    cookie = sign_in.cookie(session)
    other = sign_in.cookie(sign_in.new(staff=True))
    sign_in.end(session)
    assert sign_in.read(cookie) is None
    assert sign_in.read(other) is not None
    assert SignIn(hashed("another password"), "a secret that only this test uses").read(other) is None
    later = time.time() + SESSION_SECONDS + 2
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert sign_in.read(other) is None


def test_a_form_belongs_to_one_session(sign_in):
    mine, yours = sign_in.new(staff=True), sign_in.new(staff=True)
    assert sign_in.is_own_form(mine, sign_in.form_token(mine))
    assert not sign_in.is_own_form(mine, sign_in.form_token(yours))
    assert not sign_in.is_own_form(mine, "")


def test_guessing_is_slowed_down_for_one_address_and_for_all(sign_in):
    assert [sign_in.may_try("1.1.1.1") for _ in range(7)] == [True] * 5 + [False] * 2
    assert sign_in.may_try("2.2.2.2")
    assert sum(sign_in.may_try(f"3.3.3.{n}") for n in range(100)) == 54
