"""The real site as a user starts it: ``jiedui serve`` in processes of its own, and what they take."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE_S = 300.0
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
MIB = 1024
SIGN_IN = "/accounts/login/"


@dataclass(frozen=True, slots=True)
class Site:
    """A site that is served."""

    address: str
    process: int
    start_s: float

    def cpu_s(self) -> float:
        """Give the CPU seconds of the server, its worker and its sealer so far."""
        return sum(_cpu_s(one) for one in _family(self.process))

    def memory_mib(self) -> float:
        """Give the most memory that one of its processes holds now, without files mapped into it."""
        return max((_memory_mib(one) for one in _family(self.process)), default=0.0)


@contextmanager
def served(folder: Path, *options: str) -> Iterator[Site]:
    """Serve a site and stop it again."""
    port = _free_port()
    command = [
        sys.executable,
        "-m",
        "jiedui_web.commands",
        "serve",
        "--data",
        str(folder),
        "--port",
        str(port),
        *options,
    ]
    told = folder.parent / f"{folder.name}.log"
    begun = time.perf_counter()
    environment = os.environ | {"JIEDUI_LOCAL": "1"}
    environment.pop("JIEDUI_SITE", None)
    with told.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(process, address + SIGN_IN, told)
        yield Site(address, process.pid, time.perf_counter() - begun)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _wait(process: subprocess.Popen[bytes], address: str, told: Path) -> None:
    """Wait until a page is answered."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own server
                answer.read()
        except OSError:
            time.sleep(0.05)
        else:
            return
    sys.exit(f"the site did not start:\n{told.read_text(encoding='utf-8')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
    return port


def _family(process: int) -> list[int]:
    """Give a process and all below it."""
    above = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                above[int(entry.name)] = int(_stat(int(entry.name))[1])
            except OSError:
                continue
    found = [process]
    for one in found:
        found += [child for child, parent in above.items() if parent == one]
    return found


def _stat(process: int) -> list[str]:
    """Give the fields of a process behind its name."""
    return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()


def _cpu_s(process: int) -> float:
    try:
        fields = _stat(process)
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _memory_mib(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / MIB
