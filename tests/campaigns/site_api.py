"""``python3 do.py campaign site_api [--minutes N]``: ask the API whatever its description allows."""

from __future__ import annotations

import argparse
import logging
import os
import time

import tests.web_settings

EXAMPLES = 50


def main() -> None:
    """Ask every operation again and again with fresh values; the first wrong answer ends it."""
    parser = argparse.ArgumentParser(prog="do.py campaign site_api")
    parser.add_argument("--minutes", type=float, default=5)
    asked = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "jiedui_web.config.settings"
    import django

    django.setup()
    logging.getLogger("django.request").setLevel(logging.ERROR)
    from django.core.management import call_command
    from django.test.utils import setup_databases

    setup_databases(verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    from tests.web.api_fuzz import ask_much, operations
    from tests.web.matrix_world import built_world

    end, questions = time.monotonic() + 60 * asked.minutes, 0
    with built_world() as world:
        headers = {"Authorization": world.tokens["see"]["HTTP_AUTHORIZATION"]}
        while time.monotonic() < end:
            for operation in operations():
                questions += ask_much(operation, headers, examples=EXAMPLES, same=False)
                if time.monotonic() > end:
                    break
    print(f"{questions} questions in {tests.web_settings.SITE.name}, every answer as described")


if __name__ == "__main__":
    main()
