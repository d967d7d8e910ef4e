"""The app of the audit trail."""

from __future__ import annotations

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    """The audit trail."""

    name = "jiedui_web.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the guards back after every migration: one that makes a table anew would lose them."""
        post_migrate.connect(_guard_again, sender=self)


def _guard_again(using: str, **_: object) -> None:
    """Guard the trail where a guard is missing; a site that may change no table begins if none is."""
    from jiedui_web.audit.guarding import TABLES, guard, guards_missing

    connection = connections[using]
    if set(TABLES) <= set(connection.introspection.table_names()) and guards_missing(connection):
        guard(connection)
