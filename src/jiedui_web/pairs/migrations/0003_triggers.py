"""The database itself holds what was decided, approved, refused, published: no UPDATE rewrites it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

DIFFERS = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}


def changed(*columns: str) -> str:
    return " OR ".join(f'OLD."{name}" {{differs}} NEW."{name}"' for name in columns)


def unit_of(person: str, unit: str) -> str:
    """Whether the unit is not the one that the person belongs to."""
    known = "accounts_user u JOIN accounts_organisation o ON o.id = u.organisation_id"
    return f"NOT EXISTS (SELECT 1 FROM {known} WHERE u.outer_id = NEW.{person} AND o.outer_id = NEW.{unit})"  # noqa: S608


APPROVED = ("approved_by", "approved_unit", "approved_at")
REFUSED = ("refused_by", "refused_at", "refused_why")
PUBLISHED = ("published_by", "published_at")
WITHDRAWN = ("withdrawn_by", "withdrawn_at")
RULES: tuple[tuple[str, str, str, str], ...] = (
    (
        "pairs_choice",
        "INSERT",
        "choice_begins_open",
        "NEW.approved_at IS NOT NULL OR NEW.refused_at IS NOT NULL OR NEW.published_at IS NOT NULL",
    ),
    ("pairs_choice", "INSERT", "choice_unit_of_decider", unit_of("decided_by", "decided_unit")),
    (
        "pairs_choice",
        "UPDATE",
        "choice_stands",
        changed(
            "outer_id",
            "programme",
            "place_code",
            "proposal_id",
            "why",
            "valid_from",
            "decided_by",
            "decided_unit",
            "decided_at",
        ),
    ),
    (
        "pairs_choice",
        "UPDATE",
        "choice_approved_once",
        f"OLD.approved_at IS NOT NULL AND ({changed(*APPROVED)})",
    ),
    (
        "pairs_choice",
        "UPDATE",
        "choice_refused_once",
        f"OLD.refused_at IS NOT NULL AND ({changed(*REFUSED)})",
    ),
    (
        "pairs_choice",
        "UPDATE",
        "choice_published_once",
        f"OLD.published_at IS NOT NULL AND ({changed(*PUBLISHED)})",
    ),
    (
        "pairs_choice",
        "UPDATE",
        "choice_unit_of_approver",
        f"OLD.approved_at IS NULL AND NEW.approved_at IS NOT NULL AND {unit_of('approved_by', 'approved_unit')}",
    ),
    (
        "pairs_pairing",
        "INSERT",
        "pairing_after_approval",
        (
            "NEW.choice_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pairs_choice c WHERE c.id ="
            " NEW.choice_id AND c.programme = NEW.programme AND c.approved_at IS NOT NULL)"
        ),
    ),
    (
        "pairs_pairing",
        "UPDATE",
        "pairing_stands",
        changed("outer_id", "programme", "helper", "recipient", "place_code", "choice_id", "valid_from")
        + " OR (OLD.valid_to IS NOT NULL AND (NEW.valid_to IS NULL OR NEW.valid_to > OLD.valid_to))",
    ),
    (
        "pairs_humandecision",
        "UPDATE",
        "ruling_stands",
        changed("outer_id", "programme", "kind", "helper", "recipient", "place_code", "why", "by", "at"),
    ),
    (
        "pairs_humandecision",
        "UPDATE",
        "ruling_withdrawn_once",
        f"OLD.withdrawn_at IS NOT NULL AND ({changed(*WITHDRAWN)})",
    ),
)
"""Table, act, name, and when the act is refused."""


def statements(vendor: str) -> Iterable[str]:
    for table, act, name, condition in RULES:
        when = condition.replace("{differs}", DIFFERS[vendor])
        if vendor == "sqlite":
            yield (
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
            )
        else:
            yield (
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN "
                f"RAISE EXCEPTION '{name}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                "RETURN NEW; END $$"
            )
            yield (f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def add(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    for statement in statements(editor.connection.vendor):
        editor.execute(statement)


def drop(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    for table, _, name, _ in RULES:
        if editor.connection.vendor == "sqlite":
            editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            editor.execute(f"DROP FUNCTION IF EXISTS {name}()")


class Migration(migrations.Migration):
    dependencies = [
        ("pairs", "0002_one_solving_and_reasons"),
        ("accounts", "0001_initial"),
    ]
    operations = [migrations.RunPython(add, drop)]
