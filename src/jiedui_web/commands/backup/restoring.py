"""``jiedui restore``: into an empty folder only, and only if nothing differs."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import typer

from jiedui_web.audit.signing import read_checkpoints
from jiedui_web.audit.verifying import Link, verify
from jiedui_web.commands.backup.contents import (
    DATABASES,
    FOLDERS,
    MANIFEST,
    NAME,
    BadBackupError,
    Manifest,
    fingerprint,
    hash_of_path,
    read_manifest,
)
from jiedui_web.commands.backup.databases import (
    check_sqlite,
    postgresql_chain,
    postgresql_facts,
    run_tool,
    sqlite_chain,
    sqlite_facts,
)
from jiedui_web.commands.verifying import show_verified
from jiedui_web.commands.words import both

SITE_DATABASE = "jiedui.sqlite3"


def restore_backup(file: Path, *, data: Path, database: str = "") -> int:
    """Restore a backup and verify it; gives the exit code."""
    data = data.resolve()
    if data.exists() and not (data.is_dir() and {path.name for path in data.iterdir()} <= {"keys"}):
        typer.echo(both("commands.not_over", path=data), err=True)
        return 2
    data.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{data.name}-", dir=data.parent))
    try:
        manifest = _unpack(file, folder)
        _check_database(manifest, folder, database)
        _put_in_place(folder, data)
    except (BadBackupError, tarfile.TarError, EOFError, OSError) as error:
        typer.echo(both("commands.bad_backup", what=error), err=True)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    typer.echo(both("commands.restored", path=data, number=manifest.number))
    key = data / "keys" / "seal_key"
    if not key.is_file() or fingerprint(key.read_text()) != manifest.seal_key:
        typer.echo(both("commands.backup_without_keys"), err=True)
    return 0


def _unpack(file: Path, folder: Path) -> Manifest:
    """Unpack a backup and compare every file with the manifest."""
    with tarfile.open(file, "r:gz") as tar:
        for member in tar:
            if not member.isfile() or not (member.name == MANIFEST or NAME.fullmatch(member.name)):
                raise BadBackupError(both("commands.bad_name", name=ascii(member.name)))
            tar.extract(member, folder, filter="data")
    manifest = read_manifest(folder / MANIFEST)
    if manifest is None:
        raise BadBackupError(both("commands.bad_manifest"))
    found = {str(path.relative_to(folder).as_posix()) for path in folder.rglob("*") if path.is_file()}
    for name in sorted(found - {MANIFEST} - manifest.files.keys()):
        raise BadBackupError(both("commands.bad_name", name=ascii(name)))
    for name, wanted in manifest.files.items():
        if name not in found:
            raise BadBackupError(both("commands.bad_missing", name=ascii(name)))
        if hash_of_path(folder / name) != wanted:
            raise BadBackupError(both("commands.bad_hash", name=name))
    return manifest


def _check_database(manifest: Manifest, folder: Path, address: str) -> None:
    """Check the database that was unpacked; of PostgreSQL, once it is loaded."""
    held = folder / DATABASES[manifest.vendor]
    if not held.is_file():
        raise BadBackupError(both("commands.bad_missing", name=held.name))
    if (manifest.vendor == "sqlite") == bool(address):
        raise BadBackupError(both("commands.bad_vendor", vendor=manifest.vendor))
    if manifest.vendor == "sqlite":
        check_sqlite(held)
        _compare(manifest, sqlite_facts(held), sqlite_chain(held), folder)
        held.rename(folder / SITE_DATABASE)
    else:
        _load_postgresql(manifest, held, address, folder)
        held.unlink()
    (folder / MANIFEST).unlink()


def _load_postgresql(manifest: Manifest, held: Path, address: str, folder: Path) -> None:
    """Load a dump into an empty database, whole or not at all, and check it."""
    import psycopg

    with closing(psycopg.connect(address)) as connection:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            row = cursor.fetchone()
        connection.rollback()
        if row is None or row[0]:
            raise BadBackupError(both("commands.database_not_empty"))
        options = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
        run_tool("pg_restore", *options, f"--dbname={address}", str(held), database={})
        with connection.cursor() as cursor:
            facts = postgresql_facts(cursor)
        _compare(manifest, facts, postgresql_chain(connection), folder)


def _compare(
    manifest: Manifest, facts: tuple[Mapping[str, int], int, str], chain: Iterator[Link], folder: Path
) -> None:
    """Compare what is there with what the manifest says, and verify the trail."""
    counts, number, head = facts
    for table, want in manifest.counts.items():
        if counts.get(table) != want:
            raise BadBackupError(both("commands.bad_counts", table=table, want=want, got=counts.get(table)))
    found = verify(chain, list(read_checkpoints(folder / "checkpoints")))
    is_whole = (found.count, found.head) == (number, head) == (manifest.number, manifest.head)
    if not found.is_sound or not is_whole:
        show_verified(found)
        raise BadBackupError(both("commands.bad_chain"))


def _put_in_place(folder: Path, data: Path) -> None:
    """Make the unpacked folder the site's, with the keys that stood there already."""
    kept = data / "keys"
    if kept.is_dir():
        shutil.rmtree(folder / "keys", ignore_errors=True)
        kept.rename(folder / "keys")
    if data.exists():
        data.rmdir()
    for name in FOLDERS:
        if (folder / name).is_dir():
            (folder / name).chmod(0o700)
    folder.rename(data)
