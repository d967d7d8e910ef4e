"""``jiedui serve``: the site made ready, then its server, worker and sealer until somebody stops them."""

from __future__ import annotations

import signal
import socket
import sys
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import typer

from jiedui_web.commands.children import Child, stop_all, watch
from jiedui_web.commands.starting import name_site, serve_locally
from jiedui_web.commands.words import both

THREADS = 8
"""In each process of the server: a read of a person waits for its commit, which many share."""
PATIENCE_S = 30.0


def serve_site(*, data: Path, host: str, port: int, database: str, demo: bool | None, workers: int) -> int:
    """Serve the site until it is stopped; gives the exit code."""
    if not _is_free(host, port):
        typer.echo(both("commands.port_taken", host=host, port=port), err=True)
        return 2
    serve_locally(host)
    name_site(data, database)
    from jiedui_web.commands.preparing import prepare_site

    prepare_site(demo=demo)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, _interrupt)
    children = _children(host, port, workers)
    try:
        server, *others = children
        server.start()
        is_there = _answers(host, port, server)
        for child in others:
            child.start()
        if is_there:
            typer.echo(both("commands.serving", url=f"http://{host}:{port}/"))
        return watch(children)
    except KeyboardInterrupt:
        typer.echo(both("commands.stopping"))
        return 0
    finally:
        stop_all(children)


def _children(host: str, port: int, workers: int) -> list[Child]:
    """Give server, worker of tasks, and sealer; the server first."""
    django = [sys.executable, "-m", "django"]
    server = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(THREADS), "--no-ws", "--log-level", "error",
        "--respawn-failed-workers", "jiedui_web.config.wsgi:application",
    ]  # fmt: skip
    return [
        Child("server", server, may_restart=False),
        Child("worker", [*django, "work", "--no-startup-delay", "--verbosity", "0"]),
        Child("sealer", [*django, "seal", "--every", "1"]),
    ]


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _is_free(host: str, port: int) -> bool:
    """Whether nobody listens there yet."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError:
            return False
    return True


def _answers(host: str, port: int, server: Child) -> bool:
    """Wait until the server answers anything; false if it ends instead, or takes too long."""
    until = time.monotonic() + PATIENCE_S
    asked = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - asked for by the user
    while time.monotonic() < until and server.is_alive():
        try:
            with closing(HTTPConnection(asked, port, timeout=PATIENCE_S)) as tried:
                tried.request("HEAD", "/robots.txt")
                tried.getresponse()
        except (OSError, HTTPException):
            time.sleep(0.1)
        else:
            return True
    return False
