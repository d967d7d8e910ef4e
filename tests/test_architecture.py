"""The house stands as planned: import contracts hold, and importing it is light."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]
HEAVY = ("pandas", "numba", "ibis", "duckdb", "ortools", "highspy", "scipy", "typst")


def test_the_import_contracts_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_logo=True) == 0


@pytest.mark.parametrize(
    "what",
    [
        "import jiedui",
        "import sys; sys.argv = ['jiedui', '--help']; from jiedui.__main__ import main; main()",
    ],
    ids=["import jiedui", "jiedui --help"],
)
def test_importing_loads_no_heavy_library(what: str) -> None:
    loaded = f"print('LOADED', *[name for name in {HEAVY!r} if name in sys.modules])"
    tell = f"import sys, atexit; atexit.register(lambda: {loaded})"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", f"{tell}; {what}"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].split() == ["LOADED"]


def test_no_file_of_the_package_names_an_address_of_a_registry() -> None:
    names = ("pypi.org", "pythonhosted", "registry.npmjs", "deb.debian")
    for path in (ROOT / "src").rglob("*"):
        if path.is_file() and path.parent.name != "__pycache__":
            content = path.read_text(encoding="utf-8")
            assert not [name for name in names if name in content], path
