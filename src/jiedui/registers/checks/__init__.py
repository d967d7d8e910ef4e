"""Rules put to whole registers: contradictions found, as questions to be verified.

Takes a register, a date and rules as data; gives findings with their cells, and how many rows each rule was
put to. Refuses expressions that do more than compare, and comparisons that nobody authorised.
"""

from jiedui.registers.checks.cases import try_cases
from jiedui.registers.checks.checking import COMPARED, Checked, check_register
from jiedui.registers.checks.id_numbers import FAULTS, id_faults
from jiedui.registers.checks.rule import Rule, Rules
from jiedui.registers.checks.rule_files import read_rules, shipped_rules

__all__ = [
    "COMPARED",
    "FAULTS",
    "Checked",
    "Rule",
    "Rules",
    "check_register",
    "id_faults",
    "read_rules",
    "shipped_rules",
    "try_cases",
]
