"""The task's first half: a file read, its rows staged and compared, in chunks; none shows before the end."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Mapping

from django.db import connection
from django.db.models import F, Q

from jiedui_web.accounts.models import User
from jiedui_web.bridge.importing import (
    ConfirmedLine,
    TakenFile,
    first_findings,
    keep_findings,
    release_memory,
    take_file,
    with_findings,
)
from jiedui_web.bridge.placing import Placing
from jiedui_web.bridge.staging import AskedOf, Sealing, StagedTuple, Staging
from jiedui_web.language import languages, text_in
from jiedui_web.places.models import Place
from jiedui_web.registers.import_comparison import compare
from jiedui_web.registers.import_runs import (
    OUTDATED,
    OvertakenError,
    claim,
    counted,
    fail,
    findings_of,
    path_of,
    returned_of,
    step,
)
from jiedui_web.registers.models import Import, SavedMapping, StagedRow, State
from jiedui_web.registers.sealing import covered, index_many, seal_many, seal_text

SHOWN = 300
"""Findings that the page shows; all are in the returned workbook."""
STAGE = (
    "INSERT INTO registers_stagedrow (register, key, sheet, row, state, place_code, name, kind, parent, body,"
    " sealed, index_of_id, against, brought_by_id)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0, %s)"
)
COPY = (
    'COPY registers_stagedrow (register, key, sheet, "row", state, place_code, name, kind, parent, body,'
    " sealed, index_of_id, brought_by_id, against) FROM STDIN"
)
WAITING = Q(state__in=[State.RECEIVED, State.READING])


def read(outer_id: str) -> None:
    """Read the file of an import and stage its rows; killed and begun again, it begins anew."""
    run = claim(outer_id, WAITING, state=State.READING, step="reading")
    if run is None:
        return
    try:
        _take(run)
    except OvertakenError:
        return
    except Exception as error:
        full = isinstance(error, OSError) and error.errno == errno.ENOSPC
        fail(run, "full" if full else "fault")
        raise
    finally:
        release_memory()


def compare_anew(outer_id: str) -> None:
    """Compare the staged rows of an outdated review with those in force once more."""
    run = claim(outer_id, Q(state=State.IN_REVIEW, step=OUTDATED), state=State.READING)
    if run is not None:
        review_anew(run, reason="stale")


def review_anew(run: Import, *, reason: str) -> None:
    """Compare the staged rows with those in force once more: a review of its own."""
    undone = _undone(run)
    compare(run)
    reason = reason if _undone(run) == undone else OUTDATED
    with step(run, state=State.IN_REVIEW, step=reason, version=F("version") + 1, counts=counted(run)):
        pass


def _take(run: Import) -> None:
    """Read, stage, compare, and hand over to a person."""
    taken = take_file(path_of(run), name=run.file_name, confirmed=[*_saved(run), *_own(run)])
    if taken.is_refused:
        fail(run, "unreadable", findings=_covered(first_findings(taken.findings, SHOWN)))
        return
    undone = _undone(run)
    staging = Staging(taken.register, _placing(run), Sealing(seal_many, index_many, seal_text))
    _stage(run, staging)
    compare(run)
    findings = with_findings(taken.findings, [*_asked(staging.asked), *_foreign(run)])
    keep_findings(findings, findings_of(run))
    for lang in languages():
        returned_of(run, lang).unlink(missing_ok=True)
    state = State.IN_REVIEW if _is_known(run, taken) else State.MAPPING
    mapping = [{**line, "confirmed": line["reason"] == "saved"} for line in taken.headings]
    values = {
        "mapping": mapping,
        "counts": counted(run),
        "findings": _covered(first_findings(findings, SHOWN)),
    }
    outdated = OUTDATED if _undone(run) != undone else ""
    with step(run, state=state, step=outdated, version=F("version") + 1, **values):
        pass


def _covered(findings: list[dict[str, str]]) -> list[dict[str, str]]:
    """Give findings without a whole ID number that stood in a wrong cell."""
    return [{name: covered(value) for name, value in one.items()} for one in findings]


def _undone(run: Import) -> int:
    """Count the imports undone so far: one undone meanwhile makes a comparison outdated."""
    return Import.objects.filter(programme=run.programme, state=State.UNDONE).count()


def _stage(run: Import, staging: Staging) -> None:
    """Put the rows beside those in force."""
    with step(run, step="staging", total=staging.total):
        StagedRow.objects.filter(brought_by=run).delete()
    done = 0
    for rows in staging.rows():
        done += len(rows)
        with step(run, step="staging", done=done):
            _insert(run, rows)


def _insert(run: Import, rows: Iterable[StagedTuple]) -> None:
    """Insert many rows at once, the way the database does it fastest."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(COPY) as copy:
                for row in rows:
                    copy.write_row((*row, run.pk, 0))
        else:
            cursor.executemany(STAGE, [(*row, run.pk) for row in rows])


def _is_known(run: Import, taken: TakenFile) -> bool:
    """Whether a person has confirmed all headings: now, or in an earlier month."""
    return any(line["confirmed"] for line in run.mapping) or all(
        line["reason"] == "saved" for line in taken.headings
    )


def _saved(run: Import) -> list[ConfirmedLine]:
    """Give the lines that the organisation of whoever imports confirmed."""
    user = User.objects.select_related("organisation").get(outer_id=run.by)
    saved = SavedMapping.objects.filter(programme=run.programme, organisation=user.organisation_id_outer)
    return [line for one in saved for line in one.lines]


def _own(run: Import) -> Iterator[ConfirmedLine]:
    """Give the lines that were confirmed for this file."""
    for line in run.mapping:
        if line["confirmed"]:
            yield from confirmed_lines(run, line, who=run.by, when="")


def confirmed_lines(
    run: Import, line: Mapping[str, object], *, who: str, when: str
) -> Iterator[ConfirmedLine]:
    """Give the lines of a map for one heading."""
    feeds = line["feeds"] if isinstance(line["feeds"], list) else []
    for register, column in feeds or [("", "")]:
        yield ConfirmedLine(
            file=run.file_name,
            sheet=str(line["sheet"]),
            heading=str(line["heading"]),
            nth=int(str(line["nth"])),
            register=register,
            column=column,
            who=who,
            when=when,
        )


def _placing(run: Import) -> Placing:
    """Give the places that names are looked up in: those under the import's, those above it, all counties."""
    code = run.place_code
    above = [code[:length] for length in range(1, len(code) + 1)]
    wanted = Q(code__gte=code, code__lt=code + "~") | Q(code__in=above) | Q(level="county")
    columns = ("code", "name", "level", "parent", "valid_from", "valid_to", "successor")
    rows = Place.objects.filter(wanted).values(*columns)
    return Placing(
        ({name: str(row[name]) if row[name] else None for name in columns} for row in rows), run.place_code
    )


def _asked(asked: Iterable[AskedOf]) -> Iterator[dict[str, object]]:
    """Word what is asked about places."""
    for one in asked:
        rule = "imports.place_outside" if one.asked.is_outside else "imports.place_unknown"
        told = {"found": one.asked.found, "count": one.asked.rows}
        yield _finding(
            rule,
            "error" if one.asked.is_outside else "question",
            told,
            register=one.register,
            file=one.file,
            sheet=one.sheet,
            cell=one.cell,
            found=one.asked.found,
        )


def _foreign(run: Import) -> Iterator[dict[str, object]]:
    """Word the rows that another place has in force."""
    rows = StagedRow.objects.filter(brought_by=run, state="refused").exclude(place_code="").exclude(key="")
    for one in rows.order_by("id")[:SHOWN]:
        yield _finding(
            "imports.row_foreign",
            "error",
            {"row": one.row},
            register=one.register,
            file=run.file_name,
            sheet=one.sheet,
            cell=f"A{one.row}",
        )


def _finding(rule: str, severity: str, values: Mapping[str, object], **where: str) -> dict[str, object]:
    """Give a finding of the site as the core's table of findings holds one."""
    both = {lang: text_in(lang, rule, **values) for lang in ("zh", "en")}
    return {"rule": rule, "severity": severity, **both, **where}
