"""The project's commands; needs only python3 and pip: ``python3 do.py demo|test|check|...``."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "jiedui.stamp"
EXAMPLE = ROOT / "examples" / "east_west_2016"
SYSTEM_PACKAGES = ["chromium", "default-jre-headless", "fonts-noto-cjk", "wrk"]
HTML_CHECKER = ROOT / "tests" / "html"


def run(*command: str | Path) -> None:
    """Run a command in the project folder; its failure ends this program with its exit code."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False, env=environment())
    if done.returncode:
        sys.exit(done.returncode)


def environment() -> dict[str, str]:
    """Let uv use the package index that pip was told to use (an office mirror, say); keep byte code.

    Byte code is kept beside the tools: the tests start Python some hundred times.
    """
    own = dict(os.environ, PYTHONPATH=str(TOOLS), PYTHONUTF8="1", PYTHONPYCACHEPREFIX=str(TOOLS / "bytecode"))
    for name in ("PYTHONHOME", "PYTHONDONTWRITEBYTECODE"):
        own.pop(name, None)
    for pip_name, uv_name in (("PIP_INDEX_URL", "UV_DEFAULT_INDEX"), ("PIP_CERT", "SSL_CERT_FILE")):
        if own.get(pip_name):
            own.setdefault(uv_name, own[pip_name])
    return own


def uv(*arguments: str | Path) -> None:
    """Run uv from the project's own tool folder, installing it there first."""
    if not (TOOLS / "uv").is_dir():
        print("jiedui: 安装 uv / installing uv …", flush=True)
        run(sys.executable, "-m", "pip", "install", "--quiet", "--target", TOOLS, "uv")
    run(sys.executable, "-m", "uv", *arguments)


def set_up() -> None:
    """Make the locked environment, once for each state of the lock and of pyproject.toml."""
    state = b"".join(path.read_bytes() for path in (LOCK, ROOT / "pyproject.toml"))
    stamp = hashlib.sha256(state + str(ROOT).encode()).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == stamp:
        return
    print("jiedui: 准备环境 / setting up the environment …", flush=True)
    uv("venv", "--quiet", "--clear", "--python", sys.executable, VENV)
    python = BIN / "python"
    uv("pip", "sync", "--quiet", "--python", python, "--require-hashes", LOCK)
    install = ("pip", "install", "--quiet", "--python", python, "--no-deps", "--no-build-isolation")
    uv(*install, "--editable", ROOT)
    STAMP.write_text(stamp)


def demo(*arguments: str) -> None:
    """Pair the helpers and counties of the 2016 East–West decision and write the outputs to ./out."""
    set_up()
    run(BIN / "jiedui", "run", EXAMPLE, "--out", ROOT / "out" / EXAMPLE.name, *arguments)


def serve(*arguments: str) -> None:
    """Serve the site from ./out/site, with the demo at first; takes the options of `jiedui serve`."""
    set_up()
    data = () if "--data" in arguments else ("--data", ROOT / "out" / "site")
    run(BIN / "jiedui", "serve", *data, *arguments)


def test(*arguments: str) -> None:
    """Run the tests, a file to a process, but for Spark, browsers and the matrix; or what arguments say."""
    set_up()
    whole = ("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder", "-m", "not matrix")
    run(BIN / "python", "-m", "pytest", *(arguments or whole))


def check(*arguments: str) -> None:
    """Format (or, with --no-fix, only compare), lint, types, import contracts."""
    set_up()
    fix = "--no-fix" not in arguments
    run(BIN / "ruff", "format", *([] if fix else ["--check"]))
    run(BIN / "ruff", "check", *(["--fix"] if fix else []))
    run(BIN / "mypy")
    run(BIN / "lint-imports")


def bench(*arguments: str) -> None:
    """Measure a stage beside others: bench STAGE [--quick] [--json FILE]."""
    stages = sorted(path.parent.name for path in (ROOT / "benchmarks").glob("*/__main__.py"))
    if not arguments or arguments[0] not in stages:
        sys.exit(f"python3 do.py bench {' | '.join(stages)} [--quick] [--json FILE]")
    set_up()
    run(BIN / "python", "-m", f"benchmarks.{arguments[0]}", *arguments[1:])


def campaign(*arguments: str) -> None:
    """Look for faults for long, with fresh seeds: campaign NAME [--minutes N]."""
    names = sorted(path.stem for path in (ROOT / "tests" / "campaigns").glob("*.py"))
    if not arguments or arguments[0] not in names:
        sys.exit(f"python3 do.py campaign {' | '.join(names)} [--minutes N]")
    set_up()
    run(BIN / "python", "-m", f"tests.campaigns.{arguments[0]}", *arguments[1:])


def lock(*arguments: str) -> None:
    """Compile requirements.lock anew from pyproject.toml."""
    uv("pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-emit-index-url", "--all-extras",
       "--group", "dev", "--custom-compile-command", "python3 do.py lock",
       "--output-file", LOCK.name, "pyproject.toml", *arguments)  # fmt: skip


def system(*_: str) -> None:
    """Install what pip cannot: Chromium, Chinese fonts, Java, wrk, Node (Debian or Ubuntu, as root)."""
    if not shutil.which("apt-get"):
        sys.exit("do.py system: 需要 Debian 或 Ubuntu 的 apt-get / needs apt-get of Debian or Ubuntu")
    packages = [*SYSTEM_PACKAGES, *([] if shutil.which("node") else ["nodejs", "npm"])]
    run("apt-get", "update", "-qq")
    run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)
    if (HTML_CHECKER / "package-lock.json").is_file():
        run("npm", "ci", "--no-audit", "--no-fund", "--prefix", HTML_CHECKER)


COMMANDS = {task.__name__: task for task in (demo, serve, test, check, bench, campaign, lock, system)}


def main() -> None:
    """Run the command named first; without one, list them."""
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:  # noqa: PLR2004
        print("python3 do.py COMMAND")
        for name, task in COMMANDS.items():
            print(f"  {name:8}{task.__doc__}")
        sys.exit(len(sys.argv) > 1)
    COMMANDS[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()
