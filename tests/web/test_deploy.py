"""The files of `deploy` fit the site, and the documents name what they hold."""
# ruff: noqa: S603 - the commands are our own

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from jiedui.language import LANGUAGES

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
READ = ("config/settings.py", "config/secrets.py", "commands/entry.py")
ROLES = {"owner_password": "owner-of-tests", "app_password": "app-of-tests"}


def told(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def directives(name: str) -> str:
    """Give a file without its notes."""
    return re.sub(r"(?m)^\s*(?:#|--).*$", "", told(name))


def test_a_proxy_passes_what_the_site_takes_and_no_more() -> None:
    told_by = directives("nginx.conf") + directives("Caddyfile")
    limits = [int(most) for most in re.findall(r"max_(?:body_)?size (\d+)(?:m;|MB)", told_by)]
    assert len(limits) == 2
    assert all(settings.UPLOAD_MOST_MB < limit < 1.1 * settings.UPLOAD_MOST_MB for limit in limits)


def test_what_people_search_for_stands_in_no_log() -> None:
    written = re.search(r"log_format jiedui '(.*?)'", told("nginx.conf"))
    assert written
    assert "$uri" in written[1]
    assert not re.search(
        r"\$(request |request'|request_uri|args|query_string|http_referer|arg_)", written[1] + "'"
    )
    assert re.findall(r"access_log (?!off)(\S+ \S+);", told("nginx.conf")) == [
        "/var/log/nginx/jiedui.log jiedui"
    ]
    assert r'request>uri regexp \?.* ""' in told("Caddyfile")


def test_a_browser_cannot_say_which_address_it_has() -> None:
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in directives("proxy.conf")
    assert "header_up X-Forwarded-For {remote_host}" in directives("Caddyfile")
    for name in ("proxy.conf", "Caddyfile"):
        assert "127.0.0.1:8000" in directives(name)


def test_logs_are_kept_for_six_months_and_more() -> None:
    days = re.findall(
        r"(?:rotate |maxage |MaxRetentionSec=)(\d+)",
        directives("logrotate.conf") + directives("journald.conf"),
    )
    assert {int(number) for number in days} == {200}
    assert "roll_keep_for 4800h" in directives("Caddyfile")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_variable_that_the_site_reads_is_told(lang: str) -> None:
    page = (ROOT / "docs" / lang / "how-to" / "deploy_the_site.md").read_text(encoding="utf-8")
    sources = "".join((ROOT / "src" / "jiedui_web" / name).read_text(encoding="utf-8") for name in READ)
    names = set(re.findall(r'"(JIEDUI_[A-Z_]+)"', sources)) | {"JIEDUI_SECRET_KEY", "JIEDUI_SEAL_KEY"}
    assert len(names) > 6
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []
    kept = set(re.findall(r"(?m)^#?(JIEDUI_[A-Z_]+)=", told("jiedui.env")))
    assert kept <= names


@pytest.mark.postgresql
def test_the_site_runs_as_a_role_that_cannot_touch_the_trail(tmp_path: Path) -> None:
    """`deploy/postgresql.sql` as printed; then what the deployment page does, as owner and as the site."""
    import psycopg
    from psycopg import errors

    server = os.environ["JIEDUI_DATABASE"]
    for number, part in enumerate(statements()):
        with psycopg.connect(address(server, "jiedui") if number else server, autocommit=True) as superuser:
            for statement in part:
                superuser.execute(statement)
    owner = address(server, "jiedui", "jiedui_owner", ROLES["owner_password"])
    app = address(server, "jiedui", "jiedui_app", ROLES["app_password"])
    for database, arguments in (
        (owner, ("migrate", "--verbosity", "0")),
        (owner, ("createcachetable",)),
        (owner, ("grant-app-role", "jiedui_app")),
        (app, ("migrate", "--verbosity", "0")),
        (app, ("make-administrator", "wang-min", "王敏")),
        (app, ("check", "--deploy", "--database", "default")),
    ):
        manage(tmp_path, database, *arguments)
    with psycopg.connect(app, autocommit=True) as site:
        assert site.execute("SELECT count(*) FROM audit_event").fetchone() != (0,)
        for statement in (
            "UPDATE audit_event SET actor = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_seal",
            "DROP TRIGGER audit_event_append_only ON audit_event", "CREATE TABLE mine (i int)",
        ):  # fmt: skip
            with pytest.raises(errors.InsufficientPrivilege):
                site.execute(statement)


def statements() -> list[list[str]]:
    """Give the statements before and after the change to the new database."""
    text = directives("postgresql.sql")
    for name, value in ROLES.items():
        text = text.replace(f":'{name}'", f"'{value}'")
    return [
        [statement.strip() for statement in part.split(";") if statement.strip()]
        for part in text.split("\\connect jiedui")
    ]


def address(server: str, name: str, user: str = "", password: str = "") -> str:
    """Give the address of another database, or as another role, of the tests' server."""
    found = re.fullmatch(r"postgresql://[^/]*/[^?]*\?host=(.+)", server)
    assert found
    who = f"{user}:{password}" if user else "postgres"
    return f"postgresql://{who}@/{name}?host={found[1]}"


def manage(site: Path, database: str, *arguments: str) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("JIEDUI_")}
    own |= {"JIEDUI_DATABASE": database, "JIEDUI_HOSTS": "bangfu.example.gov.cn", "JIEDUI_SITE": str(site)}
    command = [sys.executable, "-m", "jiedui_web.commands", "manage", *arguments]
    done = subprocess.run(command, env=own, capture_output=True, check=False, cwd=site)
    assert done.returncode == 0, done.stderr.decode()
