"""Gives the database role of the running site what it needs, and no right to change the trail."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from jiedui_web.audit.guarding import TABLES
from jiedui_web.commands.words import both


class Command(BaseCommand):
    """Grant rights to the role that the site runs as; migrations run as the owner of the tables."""

    help = both("commands.grant")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the role."""
        parser.add_argument("role", help=both("commands.grant_role"))

    def handle(self, *, role: str, **_: object) -> None:
        """Grant and revoke."""
        if connection.vendor != "postgresql":
            raise CommandError(both("commands.grant_only_postgresql"))
        name, guarded = connection.ops.quote_name(role), ", ".join(TABLES)
        with connection.cursor() as cursor:
            for statement in (
                f"GRANT USAGE ON SCHEMA public TO {name}",
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
                f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
                f"REVOKE UPDATE, DELETE, TRUNCATE ON {guarded} FROM {name}",
            ):
                cursor.execute(statement)
        self.stdout.write(both("commands.granted", role=role))
