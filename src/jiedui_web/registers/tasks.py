"""What runs in the background: reading, comparing, merging, undoing and returning imports."""

from __future__ import annotations

from django_tasks import task

from jiedui_web.registers import import_merging, import_reading, import_returning


@task()
def read_import(outer_id: str) -> None:
    """Read a file and stage its rows."""
    import_reading.read(outer_id)


@task()
def compare_import(outer_id: str) -> None:
    """Make an outdated review anew."""
    import_reading.compare_anew(outer_id)


@task()
def merge_import(outer_id: str) -> None:
    """Put a reviewed import in force."""
    import_merging.merge(outer_id)


@task()
def undo_import(outer_id: str) -> None:
    """Undo an import."""
    import_merging.undo(outer_id)


@task()
def return_import(outer_id: str, lang: str) -> None:
    """Write the workbook that goes back to its owner."""
    import_returning.write(outer_id, lang)
