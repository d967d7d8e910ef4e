"""The search index: pairs of signs of names and villages, ends of numbers, each within place and register.

SQLite holds it in an FTS5 table, PostgreSQL in a ``tsvector`` under GIN; both hold the same tokens, so that
Chinese names of two characters are found, and places and registers narrow the search within the index itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import connection

from jiedui_web.bridge.declarations import declarations
from jiedui_web.registers.models import Record

LEVELS = (2, 4, 6, 9, 12)
"""Lengths of place codes from the province down; others are found by their beginning."""
MOST = 1000
CHUNK = 5000
LONGEST_END = 40
SHORTEST_END = 4
"""Fewer signs of the end of a number would find too many."""
RUNS = re.compile(r"\w+")
NUMBER = re.compile(r"[0-9a-z]*[0-9][0-9a-z]*")
COLUMNS = ("pk", "programme", "register", "place_code", "name", "kind", "body")
TOWNSHIP, VILLAGE, ENGLISH = "township", "village", "name_en"


def folded(text: str) -> str:
    """Give a text as it is compared: half-width, small letters."""
    return unicodedata.normalize("NFKC", text).lower()


def grams(text: str) -> Iterator[str]:
    """Give the pairs of neighbouring signs of each word.

    Examples
    --------
    >>> list(grams("王小明"))
    ['王小', '小明']
    """
    for run in RUNS.findall(folded(text).replace("_", " ")):
        if len(run) == 1:
            yield run
        for place in range(len(run) - 1):
            yield run[place : place + 2]


def bare(number: str) -> str:
    """Give the letters and digits of a number alone."""
    return "".join(filter(str.isalnum, folded(number)))


def tokens_of(row: Mapping[str, Any]) -> list[str]:
    """Give the tokens under which a record is found, of its columns by name."""
    programme, register, place_code, name, kind, body = (row[column] for column in COLUMNS[1:])
    found = [f"r{bare(register)}", f"g{bare(programme)}", *place_tokens(place_code)]
    if kind:
        found.append(f"k{bare(kind)}")
    if name:
        found += [f"s{folded(name)[0]}", *grams(name)]
    for column in (ENGLISH, TOWNSHIP, VILLAGE):
        if (value := body.get(column)) and value != name:
            found += grams(str(value))
    column = declarations()[register].number_field
    if column and (value := body.get(column)):
        found.append(f"n{bare(str(value))[::-1][:LONGEST_END]}")
    return list(dict.fromkeys(found))


def place_tokens(place_code: str) -> list[str]:
    """Give a token for each level above a place, and for itself."""
    code = bare(place_code)
    return [f"p{code[:length]}" for length in LEVELS if length < len(code)] + ([f"p{code}"] if code else [])


def add_to_index(ids: Iterable[int]) -> None:
    """Put records into the index, or anew where they stand in it; call it in the transaction of the write."""
    rest = iter(ids)
    while chunk := list(islice(rest, CHUNK)):
        rows = Record.objects.filter(pk__in=chunk).values(*COLUMNS)
        write_tokens([(row["pk"], tokens_of(row)) for row in rows.iterator(CHUNK)])


def write_tokens(rows: Sequence[tuple[int, list[str]]]) -> None:
    """Put rows of record and tokens into the index."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                "INSERT INTO registers_search (record_id, tokens) VALUES (%s, array_to_tsvector(%s))"
                " ON CONFLICT (record_id) DO UPDATE SET tokens = excluded.tokens",
                rows,
            )
        else:
            cursor.executemany(
                "INSERT OR REPLACE INTO registers_search (rowid, tokens) VALUES (%s, %s)",
                [(pk, " ".join(tokens)) for pk, tokens in rows],
            )


def remove(ids: Iterable[int]) -> None:
    """Take records out of the index, as when an import is undone."""
    column = "record_id" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.executemany(
            f"DELETE FROM registers_search WHERE {column} = %s",  # noqa: S608 - one of two names above
            [(pk,) for pk in ids],
        )


def candidates(
    query: str, *, prefixes: Iterable[str], registers: Sequence[str] = (), kind: str = "", programme: str = ""
) -> list[int]:
    """Give the ids of at most `MOST` records and one that fit a query under places; empty for a blank query.

    Parameters
    ----------
    prefixes
        Codes that the places begin with; an empty one is everywhere.
    registers, kind, programme
        Where to look; nothing given is everywhere.
    """
    wanted = _wanted(query)
    if not wanted:
        return []
    places = sorted(set(prefixes))
    if not places:
        return []
    within = [] if "" in places else [[_place(prefix) for prefix in places]]
    whole = [("k", kind), ("g", programme)]
    narrow = [[(f"{sign}{bare(value)}", False)] for sign, value in whole if value]
    if registers:
        narrow.append([(f"r{bare(register)}", False) for register in registers])
    conditions: list[list[Token]] = [*([token] for token in wanted), *within, *narrow]
    if connection.vendor == "postgresql":
        match = " & ".join(f"({' | '.join(map(_lexeme, one))})" for one in conditions)
        sql = "SELECT record_id FROM registers_search WHERE tokens @@ %s::tsquery ORDER BY record_id LIMIT %s"
    else:
        match = " AND ".join(f"({' OR '.join(map(_phrase, one))})" for one in conditions)
        sql = "SELECT rowid FROM registers_search WHERE registers_search MATCH %s ORDER BY rowid LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [match, MOST + 1])
        return [pk for (pk,) in cursor.fetchall()]


Token = tuple[str, bool]
"""A token, and whether only its beginning is given."""


def _place(prefix: str) -> Token:
    code = bare(prefix)
    return f"p{code}", len(code) not in LEVELS


def _wanted(query: str) -> list[Token]:
    """Give the tokens that a query asks for."""
    words = RUNS.findall(folded(query).replace("_", " "))
    if len(words) == 1 and len(words[0]) == 1:
        return [(f"s{words[0]}", False)]
    number = bare(query)
    if NUMBER.fullmatch(number):
        return [(f"n{number[::-1]}", True)] if len(number) >= SHORTEST_END else []
    return [(gram, False) for gram in dict.fromkeys(grams(query))]


def _phrase(token: Token) -> str:
    return f'"{token[0]}"{"*" if token[1] else ""}'


def _lexeme(token: Token) -> str:
    return f"'{token[0]}'{':*' if token[1] else ''}"
