"""Child processes: started, watched, started again, stopped together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import typer

from jiedui_web.commands.words import both, words

GRACE_S = 10.0
"""So long a child may take to end by itself."""
LONG_S = 60.0
"""Whoever ran so long may be started again at once."""
MOST_WAIT_S = 30.0


@dataclass
class Child:
    """One program that runs beside this one."""

    name: str
    command: Sequence[str]
    may_restart: bool = True
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait_s: float = 1.0
    due: float = field(default=0.0)

    def start(self) -> None:
        """Start it, away from the keyboard: Ctrl-C reaches only the parent, which ends all in order.

        What a killed one left running goes first: it would hold the port, or the same work.
        """
        if self.process:
            _kill(self.process)
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - the command is ours
            self.command, stdin=subprocess.DEVNULL, start_new_session=os.name != "nt"
        )

    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def look_after(self) -> None:
        """Start it again if it died: at once, or after a wait that grows if it dies again and again."""
        now = time.monotonic()
        if self.is_alive():
            self.due = 0.0
            return
        if not self.due:
            self.wait_s = 1.0 if now - self.started > LONG_S else min(self.wait_s * 2, MOST_WAIT_S)
            self.due = now + self.wait_s
            typer.echo(both("commands.restarting", name=words(f"commands.child_{self.name}")), err=True)
        if now >= self.due:
            self.due = 0.0
            self.start()


def watch(children: Sequence[Child]) -> int:
    """Look after the children until one that may not be started again ends; gives the exit code."""
    while True:
        for child in children:
            if not child.may_restart and not child.is_alive():
                typer.echo(both("commands.ended", name=words(f"commands.child_{child.name}")), err=True)
                return 1
            if child.may_restart:
                child.look_after()
        time.sleep(0.5)


def stop_all(children: Sequence[Child]) -> None:
    """End all children, in peace if they can, and wait for them."""
    for child in children:
        if child.is_alive() and child.process:
            child.process.terminate()
    until = time.monotonic() + GRACE_S
    for child in children:
        if child.process is None:
            continue
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.0, until - time.monotonic()))
        _kill(child.process)
        child.process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a child with its own children, which may outlive it."""
    if os.name == "nt":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
