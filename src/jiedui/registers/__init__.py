"""What offices have, made into checked tables.

Takes files as offices keep them; gives a `Register` with the way back from every value to its cell,
findings as questions, links between records. Refuses to guess: what is not certain is asked.
"""

from jiedui.registers.intake.reports import general_rows as findings_table
from jiedui.registers.locating import locate_findings
from jiedui.registers.merging import Merged, merge_rows
from jiedui.registers.reading import REPAIRS, Intake, read_register
from jiedui.registers.register import Register, Source, empty_register, schema_of

__all__ = [
    "REPAIRS",
    "Intake",
    "Merged",
    "Register",
    "Source",
    "empty_register",
    "findings_table",
    "locate_findings",
    "merge_rows",
    "read_register",
    "schema_of",
]
