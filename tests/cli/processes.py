"""Helpers of these tests: ports, waiting, ending a process."""
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def end(process: subprocess.Popen) -> None:
    """Ask the process to end; end its session by force after 10 s."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(condition: Callable[[], object], seconds: float, process: subprocess.Popen) -> None:
    """Wait until the condition holds; fail at once if the process ends before."""
    end_time = time.monotonic() + seconds
    while time.monotonic() < end_time:
        if condition():
            return
        assert process.poll() is None, f"ended with code {process.returncode}"
        time.sleep(0.2)
    raise AssertionError(f"not after {seconds} s")


def listens(port: int) -> bool:
    """Whether somebody accepts connections on the port of this machine."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0
