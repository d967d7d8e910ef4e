"""The owner's own workbook, with what is to be looked into marked in it."""

from __future__ import annotations

import json
from pathlib import Path

from jiedui_web.bridge.importing import give_back
from jiedui_web.registers.import_runs import findings_of, path_of, returned_of
from jiedui_web.registers.models import Import


def write(outer_id: str, lang: str) -> None:
    """Write the returned workbook beside the upload, or why there can be none."""
    run = Import.objects.get(outer_id=outer_id)
    target = returned_of(run, lang)
    told = give_back(path_of(run), name=run.file_name, findings=findings_of(run), target=target, lang=lang)
    if told:
        _reason(target).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def reason_of(run: Import, lang: str) -> str:
    """Give why there is no returned workbook; empty when there is one, or nobody asked for it yet."""
    path = _reason(returned_of(run, lang))
    return str(json.loads(path.read_text(encoding="utf-8")).get(lang, "")) if path.is_file() else ""


def _reason(target: Path) -> Path:
    return target.with_suffix(".json")
