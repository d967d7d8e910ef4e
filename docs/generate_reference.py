# ruff: noqa: INP001
"""Write docs/{zh,en}/reference/ from commands, declarations and catalogues.

Run as ``.venv/bin/python docs/generate_reference.py``; the texts beside them stand in reference.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args, get_type_hints

import jiedui
from jiedui.cli import app
from jiedui.cli.commands import both
from jiedui.errors import JieduiError
from jiedui.language import LANGUAGES, Lang, text
from jiedui.language.catalogue import catalogue
from jiedui.needs import ESTIMATES
from jiedui.needs.areas import tables as area_tables
from jiedui.needs.tables import NEEDS
from jiedui.needs.targeting import tables as targeting_tables
from jiedui.programmes import tables as given
from jiedui.programmes.folder import BY_PART, OPTIONAL, REQUIRED
from jiedui.programmes.part_tables import COUNTIES
from jiedui.programmes.programme import GRAINS, METHODS
from jiedui.publish.report import CERTIFICATES
from jiedui.registers.tables import CORRECTIONS, FINDINGS, LINK_DECISIONS, REGISTERS
from jiedui.schemes import load_scheme, shipped_schemes
from jiedui.schemes.checking import CANDIDATE_RULES, FORMS, LIMITS, OBJECTIVES, SCORE_RULES
from jiedui.tables import CODEBOOK, Table, codebook_rows
from jiedui.tables.shared import OPEN
from jiedui_web.commands.entry import app as SITE  # noqa: N812 - beside the core's
from jiedui_web.commands.words import both as help_of_site
from jiedui_web.commands.words import words as words_of_site

DOCS = Path(__file__).resolve().parent
WORDS = tomllib.loads((DOCS / "reference.toml").read_text(encoding="utf-8"))
OUTPUTS = [*(table for table in vars(given).values() if isinstance(table, Table)), COUNTIES]
ROOMS = (*vars(area_tables).values(), *vars(targeting_tables).values())
OF_NEEDS = [NEEDS, ESTIMATES, *(table for table in ROOMS if isinstance(table, Table))]
KEYS_OF_SITE = (
    "serve", "data", "host", "port", "database", "demo", "workers", "manage", "backup", "backup_file",
    "with_keys", "restore", "audit", "audit_export", "audit_file", "audit_verify", "checkpoints", "key",
)  # fmt: skip
WORDS_OF_SITE = {key: words_of_site(key) for key in KEYS_OF_SITE}
COLON = {"zh": "：", "en": ": "}
CODEBOOK_COLUMNS = ("column", "heading", "type", "unit", "required", "allowed")


def say(key: str, lang: Lang) -> str:
    """Give a text of reference.toml."""
    found: Any = WORDS
    for part in key.split("."):
        found = found[part]
    return str(found[lang])


def grid(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Write a Markdown table."""
    lines = [list(headings), ["---"] * len(headings), *([cell or "–" for cell in row] for row in rows)]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines] + [""]


def _listed(names: Iterable[str], lang: Lang) -> str:
    """List names as code."""
    return text("codebook.list_mark", lang).join(f"`{name}`" for name in names)


def commands(lang: Lang) -> list[str]:
    """Give the commands with their arguments and options."""
    import typer

    group: Any = typer.main.get_command(app)
    own = {both(key): text(key, lang) for key in catalogue("en") if key.startswith("cli.")}
    own |= {help_of_site(key): texts[lang] for key, texts in WORDS_OF_SITE.items()}
    lines = _command("jiedui", group, own, lang)
    commands = group.commands | typer.main.get_command(SITE).commands  # type: ignore[attr-defined]
    for name, command in sorted(commands.items()):
        inner = getattr(command, "commands", None)
        if inner is None:
            lines += _command(f"jiedui {name}", command, own, lang)
            continue
        lines += [f"## jiedui {name}", "", own.get(command.help, command.help), ""]
        for word, one in inner.items():
            lines += _command(f"jiedui {name} {word}", one, own, lang)
    return lines


def _command(name: str, command: Any, own: dict[str, str], lang: Lang) -> list[str]:  # noqa: ANN401
    """Give one command; `own` turns a help in both languages into one."""
    headings = [say(f"word.{key}", lang) for key in ("argument", "values", "default", "meaning")]
    hints = get_type_hints(command.callback)
    arguments = [each.name.upper() for each in command.params if each.param_type_name == "argument"]
    rows = [
        (
            f"`{each.name.upper() if each.name.upper() in arguments else each.opts[0]}`",
            _values(hints[each.name], lang),
            "" if each.required or not each.default else f"`{getattr(each.default, 'value', each.default)}`",
            own[each.help],
        )
        for each in command.params
        if each.name in hints
    ]
    usage = " ".join((name, "[OPTIONS]", *arguments))
    return [f"## {name}", "", own[command.help], "", "```", usage, "```", "", *grid(headings, rows)]


def _values(hint: Any, lang: Lang) -> str:  # noqa: ANN401
    """Say what an argument takes."""
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not type(None)]
    if issubclass(kinds[0], Enum):
        return " | ".join(f"`{value.value}`" for value in kinds[0])
    return say({Path: "word.path", bool: "word.flag", int: "word.number"}.get(kinds[0], "word.text"), lang)


def tables(lang: Lang) -> list[str]:
    """Give every table with its columns."""
    lines = [f"## {say('tables.input', lang)}", ""]
    for table in (*REQUIRED, *OPTIONAL):
        needed = say("tables.must" if table in REQUIRED else "tables.may", lang)
        note = f"{text(f'template.{table.name}', lang)} {needed}"
        if table.name in OPEN:
            note += f" {say('tables.open', lang).format(columns=_listed(OPEN[table.name], lang))}"
        lines += _table(table, note, lang)
    for table in BY_PART:
        note = f"{text(f'template.{table.name}', lang)} {say('tables.by_part', lang)}"
        lines += _table(table, note, lang)
    lines += [f"## {say('tables.output', lang)}", "", say("tables.scheme_units", lang), ""]
    for table in OUTPUTS:
        lines += _table(table, "", lang)
    lines += [f"## {say('tables.needs', lang)}", ""]
    for table in OF_NEEDS:
        lines += _table(table, "", lang)
    return lines


def _table(table: Table, note: str, lang: Lang) -> list[str]:
    """Give one table."""
    headings = [CODEBOOK.column(name).words[lang] for name in CODEBOOK_COLUMNS]
    rows = [
        [f"`{row['column']}`", *(row[name] for name in CODEBOOK_COLUMNS[1:])]
        for row in codebook_rows([table], lang)
    ]
    key = say("tables.key", lang).format(key=_listed(table.key, lang))
    return [f"### `{table.name}` {table.words[lang]}", "", f"{note} {key}".strip(), "", *grid(headings, rows)]


def registers(lang: Lang) -> list[str]:
    """Give every table of the registers with the headings that offices use."""
    lines: list[str] = []
    for table in (*REGISTERS, CORRECTIONS, LINK_DECISIONS, FINDINGS):
        lines += _table(table, "", lang)
        rows = [
            (f"`{column.name}`", text("codebook.list_mark", lang).join(column.aliases))
            for column in table.columns
            if column.aliases
        ]
        if rows:
            headings = [CODEBOOK.column("column").words[lang], say("registers.aliases", lang)]
            lines += grid(headings, rows)
    return lines


def settings(lang: Lang) -> list[str]:
    """Give the settings of both files, the rules, the schemes and the periods."""
    headings = [say(f"word.{key}", lang) for key in ("key", "required", "meaning")]
    lines = []
    for file in ("programme", "scheme"):
        rows = [
            (f"`{one['key']}`", say(f"word.{'yes' if one['required'] else 'no'}", lang), one["words"][lang])
            for one in WORDS["setting"][file]
        ]
        lines += [f"## {say(f'settings.{file}', lang)}", "", *grid(headings, rows)]
    choices = {
        "form": FORMS, "method": METHODS, "grain": GRAINS, "candidates": CANDIDATE_RULES,
        "score": SCORE_RULES, "limit": LIMITS, "objective": OBJECTIVES,
    }  # fmt: skip
    lines += [f"## {say('settings.rules', lang)}", ""]
    lines += [
        f"- {say(f'settings.choice.{key}', lang)}{COLON[lang]}{_listed(values, lang)}"
        for key, values in choices.items()
    ]
    lines += ["", f"## {say('settings.shipped', lang)}", ""]
    lines += [f"- `{name}` {load_scheme(name).name[lang]}" for name in shipped_schemes()]
    return [*lines, "", f"## {say('settings.periods', lang)}", "", *_periods(lang)]


def _periods(lang: Lang) -> list[str]:
    """Give the words of each period."""
    known = tomllib.loads(files("jiedui.schemes").joinpath("periods.toml").read_text(encoding="utf-8"))
    keys = ("object", "place", "pairing", "office")
    rows = [
        (f"`{name}` {period['name'][lang]}", *(period[key][lang] for key in keys))
        for name, period in known.items()
    ]
    return grid([say(f"word.{key}", lang) for key in ("period", *keys)], rows)


def error_codes() -> list[str]:
    """Give the catalogue keys of every section that some code makes findings of."""
    source = Path(jiedui.__file__).parent.rglob("*.py")
    used = {
        section
        for path in source
        for section in re.findall(r"finding\(\s*f?\"(\w+)\.", path.read_text(encoding="utf-8"))
    }
    return [key for key in catalogue("en") if key.split(".")[0] in used]


def errors(lang: Lang) -> list[str]:
    """Give the exit codes and every error text."""
    codes = {0, 1, 2, *(kind.exit_code for kind in JieduiError.__subclasses__())}
    rows = [(f"`{code}`", say(f"errors.code.{code}", lang)) for code in sorted(codes)]
    headings = [say("word.code", lang), say("word.meaning", lang)]
    lines = [f"## {say('errors.exit', lang)}", "", *grid(headings, rows)]
    section = ""
    for key in error_codes():
        if key.split(".")[0] != section:
            section = key.split(".")[0]
            lines += [f"## {say(f'errors.section.{section}', lang)}", ""]
        lines += [f"### `{key}`", "", text_of(key, lang), ""]
    return lines


def text_of(key: str, lang: Lang) -> str:
    """Give a text with its places unfilled, set apart."""
    return re.sub(r"(\{\w+\})", r"`\1`", catalogue(lang)[key])


def outputs(lang: Lang) -> list[str]:
    """Give the files of a run and the kinds of certificate."""
    headings = [say("word.file", lang), say("word.meaning", lang)]
    rows = [(f"`{one['name']}`", one["words"][lang]) for one in WORDS["file"]]
    lines = [f"## {say('outputs.files', lang)}", "", *grid(headings, rows)]
    lines += [f"## {say('outputs.certificates', lang)}", ""]
    for kind in CERTIFICATES:
        name = text(f"publish.certificate.{kind}", lang)
        meaning = text(f"publish.certificate_meaning.{kind}", lang)
        lines.append(f"- `{kind}` {name}{COLON[lang]}{meaning}")
    return [*lines, ""]


PAGES: dict[str, Callable[[Lang], list[str]]] = {
    "commands": commands,
    "tables": tables,
    "registers": registers,
    "settings": settings,
    "errors": errors,
    "outputs": outputs,
}


def pages(lang: Lang) -> dict[str, str]:
    """Give the text of each page by its file name."""
    made = {}
    for name, write in PAGES.items():
        head = [f"# {say(f'{name}.title', lang)}", "", f"*{WORDS['made'][lang]}*", ""]
        lines = [*head, say(f"{name}.intro", lang), "", *write(lang)]
        made[f"{name}.md"] = "\n".join(lines).rstrip() + "\n"
    return made


def main() -> None:
    """Write every page in every language."""
    for lang in LANGUAGES:
        folder = DOCS / lang / "reference"
        folder.mkdir(parents=True, exist_ok=True)
        for name, page in pages(lang).items():
            (folder / name).write_text(page, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
