"""A new programme folder: a commented ``programme.toml`` and an Excel workbook to fill in."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from jiedui.errors import InputError
from jiedui.language import Lang, Words, finding, text
from jiedui.programmes.folder import BY_PART, OPTIONAL, REQUIRED, WORKBOOK
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
    by_part = loaded.form == "parts"
    own = "by_part.toml.txt" if by_part else "programme.toml.txt"
    model = files("jiedui.programmes").joinpath(own).read_text(encoding="utf-8")
    names = {
        "SCHEME": loaded.id,
        "PERIOD": loaded.default_period,
        "FOLDER": folder.name,
        "WEIGHTS": "\n# ".join(f"{part.id} = {float(part.weight):g}" for part in loaded.parts),
        "CAPACITY": " | ".join(f"{rule.id} {_both(rule.words)}" for rule in loaded.capacity.values()),
    }
    grain = "" if by_part else "places"
    asks = (_proposal(rule, grain=grain) for rule in loaded.capacity.values())
    model = model.replace("# @PROPOSALS@", "".join(asks))
    for place, name in names.items():
        model = model.replace(f"@{place}@", name)
    programme.write_text(model, encoding="utf-8")
    tables = [loaded.table(table) for table in (BY_PART if by_part else (*REQUIRED, *OPTIONAL))]
    notes = {table.name: text(f"template.{table.name}", lang) for table in tables}
    write_template(workbook, tables, lang=lang, notes=notes)
    return programme, workbook


def _proposal(rule: CapacityRule, *, grain: str) -> str:
    """Ask for the best pairs under a capacity rule, place by place where that is to be said."""
    name = ", ".join(f'{lang} = "{word}"' for lang, word in rule.words.items())
    lines = [f'id = "{rule.id}"', f"name = {{ {name} }}", 'method = "optimum"']
    lines += [f'grain = "{grain}"'] if grain else []
    return "\n".join(("\n[[proposals]]", *lines, f'capacity = "{rule.id}"', ""))


def _both(words: Words) -> str:
    return f"({words['zh']} / {words['en']})"
