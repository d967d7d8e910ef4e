from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from jiedui_web.audit.guarding import guard, unguard


def put_guards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    guard(editor.connection)


def take_guards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    unguard(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("event_id", models.BigIntegerField(unique=True)),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.RunPython(put_guards, take_guards),
    ]
