"""Making a site ready: tables, static files, on an empty one the demo."""

from __future__ import annotations

import django
import typer

from jiedui_web.commands.words import both


def prepare_site(*, demo: bool | None) -> None:
    """Bring the tables up to date, gather static files, and on an empty site load the demo.

    Parameters
    ----------
    demo
        Whether to load it; without a word only where one machine alone is served.

    Raises
    ------
    typer.Exit
        If a check of the ground finds what the site must not stand on.
    """
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    from jiedui_web.accounts.models import User

    try:
        call_command("migrate", verbosity=0, interactive=False, skip_checks=False)
    except SystemCheckError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    call_command("createcachetable", verbosity=0)
    if not settings.LOCAL:
        call_command("collectstatic", verbosity=0, interactive=False)
    if User.objects.exists():
        if demo:
            typer.echo(both("commands.not_empty"))
    elif demo if demo is not None else settings.LOCAL:
        from jiedui_web.commands.demo import load_demo

        _show(load_demo())
    else:
        typer.echo(both("commands.no_user"))


def _show(users: list[tuple[str, str, str]]) -> None:
    """Print the users of the demo, once: the passwords are kept nowhere."""
    typer.echo(both("commands.demo_users"))
    for username, password, about in users:
        typer.echo(f"  {username:20} {password:24} {about}")
