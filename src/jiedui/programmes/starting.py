"""A new programme folder: a commented ``programme.toml`` and an Excel workbook to fill in."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from jiedui.errors import InputError
from jiedui.language import Lang, Words, finding, text
from jiedui.programmes.folder import OPTIONAL, REQUIRED, WORKBOOK
from jiedui.programmes.programme import FILE
from jiedui.schemes import CapacityRule, load_scheme
from jiedui.tables import write_template


def start_folder(scheme: str, folder: Path, *, lang: Lang = "zh") -> tuple[Path, ...]:
    """Make a programme folder for a scheme; give the files made.

    Raises
    ------
    InputError
        If the folder exists and is not empty, or there is no such scheme.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError([finding("programme.folder_full", found=folder.name)])
    loaded = load_scheme(scheme)
    folder.mkdir(parents=True, exist_ok=True)
    programme, workbook = folder / FILE, folder / WORKBOOK
    model = files("jiedui.programmes").joinpath("programme.toml.txt").read_text(encoding="utf-8")
    names = {
        "SCHEME": loaded.id,
        "PERIOD": loaded.default_period,
        "FOLDER": folder.name,
        "WEIGHTS": "\n# ".join(f"{part.id} = {float(part.weight):g}" for part in loaded.parts),
        "CAPACITY": " | ".join(f"{rule.id} {_both(rule.words)}" for rule in loaded.capacity.values()),
    }
    model = model.replace("# @PROPOSALS@", "".join(map(_proposal, loaded.capacity.values())))
    for place, name in names.items():
        model = model.replace(f"@{place}@", name)
    programme.write_text(model, encoding="utf-8")
    tables = [loaded.table(table) for table in (*REQUIRED, *OPTIONAL)]
    notes = {table.name: text(f"template.{table.name}", lang) for table in tables}
    write_template(workbook, tables, lang=lang, notes=notes)
    return programme, workbook


def _proposal(rule: CapacityRule) -> str:
    """Ask for the best pairs under a capacity rule, place by place."""
    name = ", ".join(f'{lang} = "{word}"' for lang, word in rule.words.items())
    lines = (f'id = "{rule.id}"', f"name = {{ {name} }}", 'method = "optimum"', 'grain = "places"')
    return "\n".join(("\n[[proposals]]", *lines, f'capacity = "{rule.id}"', ""))


def _both(words: Words) -> str:
    return f"({words['zh']} / {words['en']})"
