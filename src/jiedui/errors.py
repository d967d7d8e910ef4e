"""What can go wrong, in one tree.

JieduiError              shown without a traceback; ``exit_code`` 1
├── InputError           the user's files or settings, with findings; ``exit_code`` 2
├── InfeasibleError      no proposal keeps the rules, with findings; ``exit_code`` 3
└── MissingPartError     an optional part is not installed, with findings; ``exit_code`` 4
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: where it is, which rule found it, and what to do, in Chinese and English."""

    rule: str
    zh: str
    en: str
    file: str = ""
    sheet: str = ""
    cell: str = ""

    @property
    def place(self) -> str:
        """Where: ``file [sheet] cell``, as far as known."""
        sheet = f"[{self.sheet}]" if self.sheet else ""
        return " ".join(part for part in (self.file, sheet, self.cell) if part)

    def __str__(self) -> str:
        return "\n  ".join(line for line in (f"{self.rule}  {self.place}".rstrip(), self.zh, self.en))


class JieduiError(Exception):
    """An error that its reader can act on: a list of findings."""

    exit_code = 1

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))

    def __reduce__(self) -> tuple[type[JieduiError], tuple[tuple[Finding, ...]]]:
        """Pass from process to process with its findings."""
        return type(self), (self.findings,)


class InputError(JieduiError):
    """The user's files or settings cannot be used as they are."""

    exit_code = 2


class InfeasibleError(JieduiError):
    """No proposal keeps all the rules that were asked for."""

    exit_code = 3


class MissingPartError(JieduiError):
    """An optional part is not installed."""

    exit_code = 4
