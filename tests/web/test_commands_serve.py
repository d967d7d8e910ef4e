"""The commands as a user gives them: serve, stop, export, verify."""
# ruff: noqa: S310, S603 - the commands and the address are our own

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest
import typer
from typer.testing import CliRunner

from jiedui.cli.further import add_further_commands
from jiedui_web.commands import entry
from jiedui_web.commands.children import Child, stop_all

COMMANDS = [sys.executable, "-m", "jiedui_web.commands"]
LONG_S = 120.0


def environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("JIEDUI_")}
    return own | {"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def wait_for(url: str, process: subprocess.Popen[bytes]) -> int:
    until = time.monotonic() + LONG_S
    while time.monotonic() < until and process.poll() is None:
        if found := status(url):
            return found
        time.sleep(0.3)
    return 0


def sign_in(root: str, username: str, password: str) -> str:
    """Sign in as a browser does; gives the address where that leads."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{root}/accounts/login/", timeout=20).read().decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    values = {"csrfmiddlewaretoken": found[1], "login": username, "password": password}
    return str(browser.open(f"{root}/accounts/login/", urlencode(values).encode(), timeout=20).url)


@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
def test_the_site_is_served_with_one_command_and_stops_clean(tmp_path: Path) -> None:
    """An empty folder becomes a site; a printed password opens it, to be changed first; Ctrl-C ends all."""
    site, log, port = tmp_path / "site", tmp_path / "log", free_port()
    root = f"http://127.0.0.1:{port}"
    options = ["--data", str(site), "--port", str(port), "--workers", "1"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*COMMANDS, "serve", *options],
            stdout=out,
            stderr=out,
            env=environment() | {"JIEDUI_DEMO_HOUSEHOLDS": "0"},
        )
    try:
        assert wait_for(f"{root}/accounts/login/", process) == 200, log.read_text()
        handed = re.search(r"^ +(yunhe-see) +([a-z0-9-]{19}) ", log.read_text(encoding="utf-8"), re.MULTILINE)
        assert handed
        assert sign_in(root, handed[1], handed[2]) == f"{root}/accounts/password/"
        refused = subprocess.run(
            [*COMMANDS, "serve", *options], capture_output=True, check=False, env=environment()
        )
        assert (refused.returncode, str(port) in refused.stderr.decode()) == (2, True)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0, log.read_text()
    assert status(f"{root}/accounts/login/") == 0
    trail = tmp_path / "trail.jsonl"
    exported = subprocess.run(
        [*COMMANDS, "audit", "export", str(trail), "--data", str(site)], check=True, env=environment(),
        capture_output=True,
    )  # fmt: skip
    assert b'"signature"' in exported.stdout
    verified = CliRunner().invoke(
        entry.app, ["audit", "verify", str(trail), "--checkpoints", str(site / "checkpoints")]
    )
    assert verified.exit_code == 0, verified.output
    spoiled = trail.read_text(encoding="utf-8").replace("yunhe-see", "yunhe-sea")
    trail.write_text(spoiled, encoding="utf-8")
    assert CliRunner().invoke(entry.app, ["audit", "verify", str(trail)]).exit_code == 1


def test_verifying_needs_neither_django_nor_a_site(tmp_path: Path) -> None:
    head = {"format": "jiedui-audit-1", "count": 0, "head": "0" * 64, "at": "2026-11-25"}
    (tmp_path / "trail.jsonl").write_text(json.dumps(head) + "\n")
    program = (
        "import sys; sys.modules['django'] = None;"
        "from jiedui_web.commands.entry import app; app(sys.argv[1:], prog_name='jiedui')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "audit", "verify", "trail.jsonl"], cwd=tmp_path, check=False,
        capture_output=True, env=environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "jiedui-site").exists()


def test_without_the_parts_of_the_site_its_commands_say_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    for command in (["serve"], ["manage", "check"], ["backup", "x.tar"]):
        told = CliRunner().invoke(entry.app, command)
        assert told.exit_code == 2
        assert 'pip install "jiedui[web]"' in told.output


def test_no_site_is_made_by_the_way(tmp_path: Path) -> None:
    """A wrong folder is told; nothing is backed up or exported from nowhere."""
    for command in (["backup", "x.tar.gz"], ["audit", "export", "x.jsonl"]):
        told = CliRunner().invoke(entry.app, [*command, "--data", str(tmp_path / "nowhere")])
        assert told.exit_code == 2, told.output
    assert not list(tmp_path.iterdir())


def test_the_commands_join_those_of_the_core(monkeypatch: pytest.MonkeyPatch) -> None:
    class Point:
        name = "site"

        @staticmethod
        def load() -> typer.Typer:
            return entry.app

    monkeypatch.setattr("jiedui.cli.further.entry_points", lambda **_: [Point()])
    app = typer.Typer()
    add_further_commands(app)
    names = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    assert names == {"serve", "manage", "backup", "restore", "audit"}


def test_a_child_that_died_is_started_again_and_all_end_together(capsys: pytest.CaptureFixture[str]) -> None:
    child = Child("worker", [sys.executable, "-c", "import time; time.sleep(60)"])
    child.start()
    first = child.process
    assert first
    first.kill()
    first.wait()
    child.wait_s = 0.01
    until = time.monotonic() + 20
    while not child.is_alive() and time.monotonic() < until:
        child.look_after()
        time.sleep(0.02)
    assert child.process is not first
    stop_all([child])
    assert not child.is_alive()


@pytest.mark.skipif(os.name == "nt", reason="groups of processes are of POSIX")
def test_what_a_killed_child_left_running_ends_with_the_rest() -> None:
    """An orphan would hold the port, and the site could not be started again."""
    code = "import subprocess, time; print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"
    child = Child("server", [sys.executable, "-c", code], may_restart=False)
    child.process = subprocess.Popen(child.command, stdout=subprocess.PIPE, start_new_session=True)
    assert child.process.stdout
    with child.process.stdout as told:
        orphan = int(told.readline())
    child.process.kill()
    child.process.wait()
    stop_all([child])
    until = time.monotonic() + 10
    while _runs(orphan) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _runs(orphan)


def _runs(pid: int) -> bool:
    """Whether a process runs; one that ended and waits to be noticed does not."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
