"""Every kept field has a class: nobody adds one without thinking who may see it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from django.apps import apps

import jiedui_web

CLASSES = {"public", "office", "personal", "sensitive", "secret"}
TABLE = Path(jiedui_web.__file__).parent / "config" / "data_classes.toml"


def kept_fields() -> set[tuple[str, str]]:
    """Give every field of every model of the site."""
    return {
        (model._meta.label_lower, field.name)  # noqa: SLF001 - Django's documented way
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()  # noqa: SLF001
        if field.concrete
    }


def told_fields() -> dict[tuple[str, str], str]:
    """Give the class of each field that the catalogue names."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    return {
        (model, name): kind
        for model, kinds in table.items()
        for kind, names in kinds.items()
        for name in names
    }


def test_every_field_has_one_class_and_every_class_is_known() -> None:
    """A new field without one fails here; so does a class of a field that went."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    told = told_fields()
    assert set(told) == kept_fields()
    assert set(told.values()) <= CLASSES
    assert len(told) == sum(len(names) for kinds in table.values() for names in kinds.values())


def test_what_must_never_be_read_is_secret() -> None:
    """Passwords, second factors, keys of tokens and sessions, sealed ID numbers."""
    told = told_fields()
    for field in (
        ("accounts.user", "password"),
        ("accounts.apitoken", "digest"),
        ("mfa.authenticator", "data"),
        ("sessions.session", "session_data"),
        ("registers.record", "sealed"),
        ("registers.record", "index_of_id"),
    ):
        assert told[field] == "secret"
