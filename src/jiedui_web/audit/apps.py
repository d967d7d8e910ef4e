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
    """Guard the trail, where it stands already."""
    from jiedui_web.audit.guarding import TABLES, guard

    connection = connections[using]
    if set(TABLES) <= set(connection.introspection.table_names()):
        guard(connection)
