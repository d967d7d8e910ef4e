"""The database that an address names."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

SQLITE_START = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536;"
    " PRAGMA mmap_size=1073741824;"
)
"""What was acknowledged outlives a power cut; readers do not wait for the writer."""

KEPT_S = 600
"""Each thread keeps its connection so long: to open one costs more than most answers."""


def database(address: str, site: Path) -> dict[str, object]:
    """Give Django's entry for an address; SQLite in the site's folder without one.

    Raises
    ------
    ValueError
        If the address is not one of PostgreSQL.

    Examples
    --------
    >>> database("postgresql://office:secret@db.example:5433/jiedui", Path("."))["PORT"]
    5433
    """
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": site / "jiedui.sqlite3",
            "CONN_MAX_AGE": KEPT_S,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_START},
        }
    parts = urlsplit(address)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError(
            f"JIEDUI_DATABASE: {parts.scheme!r}; allowed: postgresql://user:password@host:port/name"
        )
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": KEPT_S,
        "CONN_HEALTH_CHECKS": True,
    }
