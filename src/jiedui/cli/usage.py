"""What the command line says of itself and of a command that is written wrongly, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text
from typer import rich_utils

from jiedui.cli.screen import console
from jiedui.language import LANGUAGES, text

if TYPE_CHECKING:
    from typer.exceptions import TyperException

TITLES = ("ARGUMENTS", "OPTIONS", "COMMANDS")
"""Of the panels of ``--help``."""


def title_panels() -> None:
    """Let ``--help`` name its panels in both languages."""
    for name in TITLES:
        titles = " / ".join(text(f"usage.panel_{name.lower()}", lang) for lang in LANGUAGES)
        setattr(rich_utils, f"{name}_PANEL_TITLE", titles)


def show_usage(error: TyperException) -> None:
    """Say what is wrong with a command, how it is written, and where help is."""
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()  # type: ignore[attr-defined]
        return
    screen = console(stderr=True)
    context: Any = getattr(error, "ctx", None)
    key, values = _told(error, context)
    for lang in LANGUAGES:
        screen.print(Text(f"✗ {text(key, lang, **values)}"), soft_wrap=True)
    if context:
        usage = context.get_usage().removeprefix("Usage: ")
        for lang in LANGUAGES:
            told = text("usage.help", lang, usage=usage, command=context.command_path)
            screen.print(Text(f"  {told}"), soft_wrap=True)


def _told(error: TyperException, context: Any) -> tuple[str, dict[str, object]]:  # noqa: ANN401
    """Give the text for an error, by what is wrong."""
    param: Any = getattr(error, "param", None)
    name = param.get_error_hint().strip("'") if param else ""
    match type(error).__name__:
        case "NoSuchOption":
            options = [one for each in context.command.params for one in each.opts if one.startswith("-")]
            return "usage.option", {"found": _of(error, "option_name"), "allowed": ", ".join(options)}
        case "MissingParameter":
            return "usage.missing", {"name": name}
        case "BadParameter":
            return "usage.value", {"name": name, "found": error.message.removeprefix("Value error, ")}
    commands = getattr(context.command, "commands", {}) if context else {}
    if commands:
        return "usage.command", {"allowed": ", ".join(commands), "found": error.message}
    return "usage.wrong", {"found": error.message}


def _of(error: TyperException, name: str) -> str:
    return str(getattr(error, name))
