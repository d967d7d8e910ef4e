"""The parts of the benchmark: each gives the keys that it measured."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

from benchmarks.site.serving import Site, served
from benchmarks.site.weighing import weigh

HERE = Path(__file__).parent
CLIENTS = 16
WARM_S = 2
Keys = dict[str, float]


def seeded(cache: Path, households: int) -> Path:
    """Give the folder of a seeded site: the one in the cache, or a new one there."""
    site, done = cache / f"site-{households}", cache / f"site-{households}.done"
    if not done.is_file():
        shutil.rmtree(site, ignore_errors=True)
        site.mkdir(parents=True)
        command = ["benchmarks.site.seeding", str(households), "--persons", "0"]
        print(_python(command, site).strip(), file=sys.stderr)
        done.touch()
    return site


def answers(folder: Path, seconds: int, repetitions: int) -> list[Keys]:
    """Measure lists, searches, records by id, and a csv of all, on one running site."""
    with served(folder, "--no-demo") as site:
        asked = json.loads(_python(["benchmarks.site.asking", "seeded"], folder))
        found = []
        for _ in range(repetitions):
            told: Keys = {}
            if shutil.which("wrk"):
                told |= _load(site, asked, "list", seconds)
                told |= _load(site, asked, "search", seconds)
                told |= _load(site, asked, "by_id", seconds)
            found.append(told | _csv(site, asked["token"]))
    return found


def _load(site: Site, asked: dict[str, list[str] | str], name: str, seconds: int) -> Keys:
    """Ask from many clients at once; every answer must be 2xx."""
    by_token = name == "by_id"
    header = f"Authorization: Bearer {asked['token']}" if by_token else f"Cookie: {asked['cookie']}"
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(asked[name]))
        file.flush()
        command = ["wrk", "-t1", f"-c{CLIENTS}", "--latency", "-s", str(HERE / "wrk.lua"), "-H", header]
        subprocess.run(
            [*command, f"-d{WARM_S}s", site.address, file.name], check=True, stdout=subprocess.DEVNULL
        )
        before = site.cpu_s()
        done = subprocess.run(
            [*command, f"-d{seconds}s", "--timeout", "30s", site.address, file.name],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        spent = site.cpu_s() - before
    told = json.loads(done.stdout.splitlines()[-1])
    if told["not_2xx"] or told["broken"] or not told["answers"]:
        sys.exit(
            f"{name}: {told['not_2xx']} answers were not 2xx, {told['broken']} broken, of {told['answers']}"
        )
    rate = told["answers"] / told["seconds"]
    found = {f"{name}_p95_ms": told["p95_ms"], f"{name}_rps": rate}
    return found | {f"{name}_cpu_ms": 1000 * spent / told["answers"]}


def _csv(site: Site, token: str) -> Keys:
    """Stream every household; give the seconds, the CPU seconds, and the most memory meanwhile."""
    target = f"{site.address}/api/v1/exports/records.csv?register=households"
    asked = urllib.request.Request(target, headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    before, begun, most, is_over = site.cpu_s(), time.perf_counter(), [site.memory_mib()], threading.Event()

    def watch() -> None:
        while not is_over.wait(0.2):
            most.append(site.memory_mib())

    watcher = threading.Thread(target=watch)
    watcher.start()
    lines = 0
    with urllib.request.urlopen(asked, timeout=600) as answer:  # noqa: S310 - our own server
        while chunk := answer.read(1 << 20):
            lines += chunk.count(b"\n")
    took = time.perf_counter() - begun
    is_over.set()
    watcher.join()
    return {
        "csv_1m_s": took,
        "csv_cpu_s": site.cpu_s() - before,
        "csv_lines": lines,
        "csv_peak_mib": max(most),
        "csv_grown_mib": max(most) - most[0],
    }


def start(cache: Path) -> Keys:
    """Migrate and start on an empty folder until a page is answered."""
    with tempfile.TemporaryDirectory(dir=cache) as folder, served(Path(folder) / "site", "--no-demo") as site:
        return {"start_s": site.start_s, "start_cpu_s": site.cpu_s()}


def pages(cache: Path) -> Keys:
    """Start the demo and weigh its pages, as its planner and as the public see them."""
    with tempfile.TemporaryDirectory(dir=cache) as folder, served(Path(folder) / "site", "--demo") as site:
        asked = json.loads(_python(["benchmarks.site.asking", "province-decide"], Path(folder) / "site"))
        _wait_for_solving(Path(folder) / "site")
        ordinary, with_map = weigh(site.address, asked["cookie"])
        for name, found in (("page", ordinary), ("map", with_map)):
            for path in sorted(found, key=lambda one: -found[one])[:3]:
                print(f"  {name} {found[path]:.1f} kB {path}", file=sys.stderr)
        told = {
            "page_kb": max(ordinary.values()),
            "pages": float(len(ordinary)),
            "start_demo_s": site.start_s,
        }
        return told | ({"map_page_kb": max(with_map.values())} if with_map else {})


def _wait_for_solving(folder: Path, patience_s: float = 120) -> None:
    """Wait until the worker has solved the demo's example."""
    waiting = (
        "from jiedui_web.pairs.models import Solving as S; print(S.objects.filter(state='done').count())"
    )
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        done = subprocess.run(
            [sys.executable, "-m", "django", "shell", "-v0", "-c", waiting],
            env=_environment(folder), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.stdout.strip().isdigit() and int(done.stdout):
            return
        time.sleep(1)
    print("the demo's example was not solved in time: its pages are not weighed", file=sys.stderr)


def imports(cache: Path, households: int) -> Keys:
    """Import a file of households through the site's own task."""
    command = ["benchmarks.site.importing", "--households", str(households), "--folder", str(cache)]
    told: Keys = json.loads(_python(command, cache).splitlines()[-1])
    return {name if name == "import_1m_s" else f"import_{name}": value for name, value in told.items()}


def _python(command: list[str], folder: Path) -> str:
    """Run a module beside the site of a folder and give what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        env=_environment(folder),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{command[0]} failed")
    return done.stdout


def _environment(folder: Path) -> dict[str, str]:
    settings = {"DJANGO_SETTINGS_MODULE": "jiedui_web.config.settings", "JIEDUI_LOCAL": "1"}
    return os.environ | settings | {"JIEDUI_SITE": str(folder)}
