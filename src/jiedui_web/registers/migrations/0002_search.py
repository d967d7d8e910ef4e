from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q

SQLITE = (
    # The tokens are folded before they come here: every sign outside ASCII belongs to a token.
    "CREATE VIRTUAL TABLE registers_search USING fts5(tokens, detail=none, columnsize=0, tokenize='ascii')",
)
POSTGRESQL = (
    "CREATE TABLE registers_search (record_id bigint PRIMARY KEY, tokens tsvector NOT NULL)",
    "CREATE INDEX registers_search_tokens ON registers_search USING gin (tokens)",
)


def make_index(_: object, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def drop_index(_: object, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute("DROP TABLE registers_search")


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial")]

    operations = [
        migrations.AddField("record", "ended_on", models.DateField(null=True)),
        migrations.AddIndex(
            "record", models.Index(fields=["register", "key", "place_code"], name="record_by_key")
        ),
        migrations.AddIndex(
            "record",
            models.Index(
                condition=~Q(kind=""),
                fields=["register", "kind", "place_code", "id"],
                name="record_by_kind",
            ),
        ),
        migrations.RunPython(make_index, drop_index),
    ]
