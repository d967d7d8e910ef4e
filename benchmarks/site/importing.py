"""An import of many households through the site's own tasks on a fresh SQLite: read, stage, review, commit.

Run as ``python -m benchmarks.site.importing --households 1000000``. The file is made up; it names nobody.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiedui_web.accounts.models import User
    from jiedui_web.registers.models import Import

SURNAMES, FIRST, SECOND = "王李张刘陈马杨赵", "伟芳娜敏静强秀建", "军丽杰涛明华英平"
HEADINGS = "户编号,户主姓名,乡镇,行政村,家庭人口,户类型,人均纯收入,联系电话,住房面积"
COUNTY = "640422"
TOWNSHIPS, VILLAGES = 20, 10
MIB = 1024


def write_households(path: Path, count: int, seed: int = 1) -> None:
    """Write a made-up register of households as csv."""
    draw = random.Random(seed)  # noqa: S311 - made-up rows
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADINGS + "\n")
        for order in range(count):
            township, village = order % TOWNSHIPS, order // TOWNSHIPS % VILLAGES
            phone = f"138{draw.randint(0, 10**8 - 1):08d}"
            name = draw.choice(SURNAMES) + draw.choice(FIRST) + draw.choice(SECOND)
            file.write(
                f"{order + 1:08d},{name},第{township + 1}镇,第{township * VILLAGES + village + 1}村,"
                f"{draw.randint(1, 8)},一般农户,{draw.randint(2000, 20000)},{phone},"
                f"{draw.randint(30, 150)}\n"
            )


def measure(households: int, folder: Path) -> dict[str, float]:
    """Give the seconds of each part and the most memory of an import into a fresh site."""
    os.environ |= {"JIEDUI_SITE": str(folder / "site"), "JIEDUI_LOCAL": "1"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "jiedui_web.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return _import(households)


def _import(households: int) -> dict[str, float]:
    """Receive, read, confirm, commit and undo."""
    from jiedui_web.registers import import_merging, import_reading
    from jiedui_web.registers.importing import ask_commit, ask_undo, confirm_mapping
    from jiedui_web.registers.models import Import, Record

    times: dict[str, float] = {}
    user, found = _received(households)
    _time(times, "read", lambda: import_reading.read(found.outer_id))
    found = Import.objects.get()
    feeds = [line["feeds"] for line in found.mapping]
    confirm_mapping(found, by=user, feeds=feeds, version=found.version)
    ask_commit(found, by=user, version=found.version)
    _time(times, "commit", lambda: import_merging.merge(found.outer_id))
    times["import_1m_s"] = times["read_s"] + times["commit_s"]
    if Record.objects.count() != households:
        raise SystemExit("the rows in force are not those of the file")
    ask_undo(found, by=user)
    _time(times, "undo", lambda: import_merging.undo(found.outer_id))
    return {name: round(value, 1) for name, value in times.items()}


def _time(times: dict[str, float], name: str, act: Callable[[], None]) -> None:
    """Keep the seconds of a part by the clock and of the processor, and the most memory of its own so far."""
    done = threading.Event()
    watch = threading.Thread(target=_watch, args=(times, done))
    watch.start()
    start, used = time.perf_counter(), time.process_time()
    act()
    times[f"{name}_s"] = time.perf_counter() - start
    times[f"{name}_cpu_s"] = time.process_time() - used
    done.set()
    watch.join()


def _watch(times: dict[str, float], done: threading.Event) -> None:
    """Look at the memory of the process that is no file, twice a second (Linux)."""
    status = Path("/proc/self/status")
    while status.exists() and not done.wait(0.5):
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("RssAnon"))
        times["memory_mib"] = max(times.get("memory_mib", 0), int(line.split()[1]) / MIB)


def _received(households: int) -> tuple[User, Import]:
    """Make a clerk and hand in the file."""
    from jiedui_web.accounts.actions import System, assign_role, make_organisation, make_user
    from jiedui_web.accounts.functions import Function, Level
    from jiedui_web.places.models import Place, Programme
    from jiedui_web.registers.import_runs import upload_folder
    from jiedui_web.registers.importing import Stored, receive

    Programme.objects.create(key="county", name="示例项目", place_code=COUNTY)
    Place.objects.create(code=COUNTY, name="示例县", level=Level.COUNTY)
    for township in range(TOWNSHIPS):
        code = f"{COUNTY}{101 + township}"
        Place.objects.create(code=code, name=f"第{township + 1}镇", level=Level.TOWNSHIP, parent=COUNTY)
        for village in range(VILLAGES):
            number = township * VILLAGES + village + 1
            Place.objects.create(
                code=f"{code}{201 + village}", name=f"第{number}村", level=Level.VILLAGE, parent=code
            )
    unit = make_organisation(by=System(), name="示例县农业农村局", place_code=COUNTY)
    password = secrets.token_urlsafe(24)
    user = make_user(by=System(), username="clerk", name="clerk", password=password, organisation=unit)
    assign_role(by=System(), function=Function.ENTER, level=Level.COUNTY, prefix=COUNTY, user=user)
    stored = f"{secrets.token_hex(16)}.csv"
    path = upload_folder() / stored
    write_households(path, households)
    file = Stored("农户.csv", stored, secrets.token_hex(32), path.stat().st_size)
    found, _ = receive(by=user, programme="county", place_code=COUNTY, file=file)
    return user, found


def main() -> None:
    """Measure and print as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        print(json.dumps(measure(given.households, Path(folder))))


if __name__ == "__main__":
    main()
