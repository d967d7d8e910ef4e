"""``programme.toml``: which scheme, which round, which ways of pairing to compare."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from jiedui.errors import InputError
from jiedui.language import LANGUAGES, Words, finding
from jiedui.programmes.inquiry import Inquiry, check_inquiry, read_inquiry
from jiedui.programmes.keys import Fault, is_count, is_date, is_number, is_words, unknown
from jiedui.programmes.purposes import Intake, check_intake, named_purpose, read_intake
from jiedui.schemes import Period, Scheme, load_period, load_scheme

FILE = "programme.toml"
METHODS = ("present", "listed", "nearest", "optimum")
ASK = ("id", "name", "method", "grain", "capacity", "max_moves", "on", "stay")
ASK_BY_PART = ("id", "name", "method", "capacity")
TOP = ("programme", "registers", "needs", "weights", "proposals", "pictures", "limits", "sources")
HEAD = ("id", "scheme", "period", "round", "name", "lead")
GRAINS = ("units", "places")
METHODS_BY_PART = ("present", "optimum")


@dataclass(frozen=True, slots=True)
class Ask:
    """One way of pairing that a programme wants to see.

    Attributes
    ----------
    method : str
        ``present`` (as it is), ``listed`` (the pairings of another date), ``nearest`` (a rule of thumb) or
        ``optimum``.
    grain : str
        ``units`` (kept whole) or ``places`` (one by one).
    capacity : str
        A capacity rule of the scheme; empty where nothing is optimised.
    max_moves : int, "least" or None
        How many pairs may change; ``least``: as few as the capacity rule permits.
    on : str
        The date of the pairings ``listed``.
    stay : float
        Score added to present pairs in the choice, not in the scores shown.
    """

    id: str
    name: Words
    method: Literal["present", "listed", "nearest", "optimum"]
    grain: Literal["units", "places"] = "places"
    capacity: str = ""
    max_moves: int | Literal["least"] | None = None
    on: str = ""
    stay: float = 0.0


@dataclass(frozen=True, slots=True)
class Programme:
    """One running instance of a scheme: registers, needs, or a round of pairing."""

    id: str
    name: Words
    lead: Words
    scheme: Scheme
    period: Period | None
    round: str
    weights: Mapping[str, Fraction]
    asks: tuple[Ask, ...]
    pictures: tuple[str, ...]
    limits: tuple[Words, ...]
    sources: tuple[Words, ...]
    sha256: str
    intake: Intake | None = None
    inquiry: Inquiry | None = None


def read_programme(folder: Path) -> Programme:
    """Read and check ``programme.toml``.

    Raises
    ------
    InputError
        With everything that is wrong in it.
    """
    tree = _parse(folder / FILE)
    head = tree.get("programme")
    if not isinstance(head, dict):
        raise InputError(
            [finding("programme.key", file=FILE, cell="programme", found=head, allowed="[programme]")]
        )
    _refuse(_head(head))
    scheme = load_scheme(head["scheme"], beside=folder)
    _refuse([*_weights(tree, scheme), *_purposes(tree, scheme), *_texts(tree)])
    return Programme(
        id=head["id"],
        name=head["name"],
        lead=head.get("lead", dict.fromkeys(LANGUAGES, "")),
        scheme=scheme,
        period=_period(head.get("period", scheme.default_period)),
        round=head["round"],
        weights={key: Fraction(str(value)) for key, value in tree.get("weights", {}).items()},
        asks=tuple(Ask(**ask) for ask in tree.get("proposals", ())),
        pictures=tuple(tree.get("pictures", ())),
        limits=tuple(tree.get("limits", ())),
        sources=tuple(tree.get("sources", ())),
        sha256=hashlib.sha256((folder / FILE).read_bytes()).hexdigest(),
        intake=read_intake(tree),
        inquiry=read_inquiry(tree),
    )


def purpose_of(folder: Path) -> str:
    """Give what the programme of a folder is for: ``registers``, ``needs`` or ``proposals``.

    Raises
    ------
    InputError
        If its settings cannot be read.
    """
    return named_purpose(_parse(folder / FILE)) if folder.is_dir() else "proposals"


def _refuse(faults: Iterable[Fault]) -> None:
    """Refuse a file with faults; what is missing is shown by a dash."""
    findings = [
        finding(
            f"programme.{rule}",
            file=FILE,
            cell=cell,
            **{name: "–" if value is None else value for name, value in told.items()},
        )
        for rule, cell, told in faults
    ]
    if findings:
        raise InputError(findings)


def _period(name: str) -> Period | None:
    """Find a period; none where a scheme knows no periods."""
    return load_period(name, file=FILE) if name else None


def _parse(path: Path) -> dict[str, Any]:
    """Read TOML, or say where it is wrong."""
    if not path.is_file():
        raise InputError([finding("programme.missing", file=FILE, found=path.parent.name)])
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError([finding("programme.not_toml", file=FILE, found=str(error))]) from error


def _head(head: Mapping[str, Any]) -> Iterator[Fault]:
    """Check the keys of [programme]."""
    yield from unknown(head, "programme.", HEAD)
    if not isinstance(head.get("period", ""), str):
        yield "key", "programme.period", {"found": head["period"], "allowed": '"…"'}
    if not is_words(head.get("lead", {"zh": "", "en": ""})):
        yield "key", "programme.lead", {"found": head["lead"], "allowed": "{ zh = …, en = … }"}
    for key in ("id", "scheme", "round"):
        if not isinstance(head.get(key), str) or not head[key]:
            yield "key", f"programme.{key}", {"found": head.get(key), "allowed": '"…"'}
    if not is_words(head.get("name")):
        yield "key", "programme.name", {"found": head.get("name"), "allowed": "{ zh = …, en = … }"}
    if isinstance(head.get("round"), str) and not is_date(head["round"]):
        yield "key", "programme.round", {"found": head["round"], "allowed": "YYYY, YYYY-MM, YYYY-MM-DD"}


def _purposes(tree: Mapping[str, Any], scheme: Scheme) -> Iterator[Fault]:
    """Check what the programme is for."""
    checks = {"registers": check_intake, "needs": check_inquiry}
    purpose = named_purpose(tree)
    if purpose in checks:
        yield from checks[purpose](tree)
    if purpose == "proposals" or (purpose == "needs" and "proposals" in tree):
        yield from _asks(tree, scheme)


def _weights(tree: Mapping[str, Any], scheme: Scheme) -> Iterator[Fault]:
    """Check weights that the programme sets instead of the scheme's."""
    weights = tree.get("weights")
    if weights is None:
        return
    parts = [part.id for part in scheme.parts]
    if not isinstance(weights, dict) or set(weights) != set(parts):
        yield "key", "weights", {"found": weights, "allowed": ", ".join(parts)}
    elif not all(is_number(value) and 0 <= value <= 1 for value in weights.values()):
        yield "key", "weights", {"found": weights, "allowed": "0 … 1"}
    elif (total := sum(Fraction(str(value)) for value in weights.values())) != 1:
        yield "weights", "weights", {"found": float(total)}


def _asks(tree: Mapping[str, Any], scheme: Scheme) -> Iterator[Fault]:
    """Check the ways of pairing."""
    asks = tree.get("proposals")
    if not isinstance(asks, list) or not asks or not all(isinstance(ask, dict) for ask in asks):
        yield "key", "proposals", {"found": asks, "allowed": "[[proposals]]"}
        return
    ids = [ask.get("id") for ask in asks]
    for place, ask in enumerate(asks):
        key = f"proposals[{place}]"
        if (
            not isinstance(ask.get("id"), str)
            or ids.count(ask["id"]) > 1
            or not str(ask["id"]).isidentifier()
        ):
            yield "proposal_id", f"{key}.id", {"found": ask.get("id")}
        if not is_words(ask.get("name")):
            yield "key", f"{key}.name", {"found": ask.get("name"), "allowed": "{ zh = …, en = … }"}
        yield from _ask(key, ask, scheme)
    pictures = tree.get("pictures", [])
    if not isinstance(pictures, list) or not all(name in ids for name in pictures):
        yield "key", "pictures", {"found": pictures, "allowed": " | ".join(map(str, ids))}


def _ask(key: str, ask: Mapping[str, Any], scheme: Scheme) -> Iterator[Fault]:
    """Check how one way of pairing is found."""
    by_part = scheme.form == "parts"
    allowed: dict[str, tuple[str, ...]]
    allowed = {"method": METHODS_BY_PART} if by_part else {"method": METHODS, "grain": GRAINS}
    if ask.get("method") == "optimum":
        allowed["capacity"] = tuple(scheme.capacity)
    for name, values in allowed.items():
        if ask.get(name) not in values:
            yield "key", f"{key}.{name}", {"found": ask.get(name), "allowed": " | ".join(values)}
    if ask.get("method") in ("present", "listed") and ask.get("grain") == "places":
        yield "key", f"{key}.grain", {"found": "places", "allowed": "units"}
    known = ASK_BY_PART if by_part else ASK
    if unknown := set(ask) - set(known):
        yield "key", key, {"found": ", ".join(sorted(unknown)), "allowed": ", ".join(known)}
    on = ask.get("on", "")
    if ask.get("method") == "listed" and not (isinstance(on, str) and is_date(on)):
        yield "key", f"{key}.on", {"found": on or "–", "allowed": '"YYYY", "YYYY-MM", "YYYY-MM-DD"'}
    yield from _moves(key, ask, scheme)


def _moves(key: str, ask: Mapping[str, Any], scheme: Scheme) -> Iterator[Fault]:
    """Check what holds pairs where they are."""
    moves = ask.get("max_moves")
    hard = ask.get("capacity") in scheme.capacity and scheme.capacity[ask["capacity"]].is_hard
    if not (is_number(stay := ask.get("stay", 0.0)) and 0 <= stay <= 1):
        yield "key", f"{key}.stay", {"found": stay, "allowed": "0 … 1"}
    if moves is not None and not (is_count(moves) or (moves == "least" and hard)):
        allowed = "0, 1, 2, …" + (' | "least"' if hard else "")
        yield "key", f"{key}.max_moves", {"found": moves, "allowed": allowed}


def _texts(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Check sentences that the programme adds to its report, and that no key is misspelt."""
    yield from unknown(tree, "", TOP)
    for key in ("limits", "sources"):
        entries = tree.get(key, [])
        if not isinstance(entries, list) or not all(is_words(entry) for entry in entries):
            yield "key", key, {"found": tree.get(key), "allowed": "[{ zh = …, en = … }, …]"}
