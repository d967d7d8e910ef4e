"""``jiedui backup``: a consistent copy while the site runs."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import typer
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from jiedui_web.accounts.actions import System
from jiedui_web.audit.keeping import checkpoint_folder, make_checkpoint
from jiedui_web.audit.recording import record
from jiedui_web.audit.sealing import seal_all
from jiedui_web.commands.backup.contents import (
    DATABASES,
    MANIFEST,
    NAME,
    BadBackupError,
    Manifest,
    fingerprint,
    hash_of_path,
)
from jiedui_web.commands.backup.databases import postgresql_facts, run_tool, sqlite_facts
from jiedui_web.commands.words import both


def write_backup(file: Path, *, with_keys: bool = False) -> int:
    """Write a backup, whole or not at all; gives the exit code."""
    if file.exists():
        typer.echo(both("commands.backup_exists", file=file), err=True)
        return 2
    with transaction.atomic():
        record("site.backup", by=System(), kind="site", thing="site", detail={"keys": with_keys})
    seal_all()
    make_checkpoint()
    partial = file.with_name(file.name + ".part")
    try:
        with TemporaryDirectory(prefix="jiedui-backup-", dir=file.resolve().parent) as folder:
            manifest = _copy_database(Path(folder))
            _pack(partial, manifest, Path(folder) / DATABASES[manifest.vendor], with_keys=with_keys)
        partial.replace(file)
    except BadBackupError as error:
        typer.echo(str(error), err=True)
        return 1
    finally:
        partial.unlink(missing_ok=True)
    typer.echo(both("commands.backup_made", file=file, count=len(manifest.files), number=manifest.number))
    typer.echo(both("commands.backup_with_keys" if with_keys else "commands.backup_without_keys"))
    return 0


def _copy_database(folder: Path) -> Manifest:
    """Copy the database as it is at one moment; give what it holds."""
    target = folder / DATABASES[connection.vendor]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(target)])
        facts = sqlite_facts(target)
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = str(cursor.fetchone()[0])
            facts = postgresql_facts(cursor)
            options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}")
            run_tool("pg_dump", *options, f"--file={target}", database=connection.settings_dict)
    counts, number, head = facts
    return Manifest(
        vendor=connection.vendor, at=timezone.now().isoformat(timespec="seconds"), number=number, head=head,
        seal_key=fingerprint(settings.SEAL_KEY), counts=counts,
    )  # fmt: skip


def _pack(target: Path, manifest: Manifest, database: Path, *, with_keys: bool) -> None:
    """Pack database and files; the manifest last, when every hash is known."""
    with target.open("xb") as out:
        target.chmod(0o600)
        with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as tar:
            for name, path in [(database.name, database), *_files(with_keys=with_keys)]:
                manifest.files[name] = hash_of_path(path)
                tar.add(path, arcname=name, recursive=False)
            about = tarfile.TarInfo(MANIFEST)
            spelled = manifest.spelled()
            about.size = len(spelled)
            tar.addfile(about, io.BytesIO(spelled))


def _files(*, with_keys: bool) -> Iterator[tuple[str, Path]]:
    """Give the files beside the database, by their names in the backup."""
    folders = {"uploads": Path(settings.MEDIA_ROOT), "checkpoints": checkpoint_folder()}
    if with_keys:
        folders["keys"] = Path(settings.SITE) / "keys"
    for kind, folder in folders.items():
        for path in sorted(folder.glob("*")):
            name = f"{kind}/{path.name}"
            if path.is_file() and NAME.fullmatch(name):
                yield name, path
