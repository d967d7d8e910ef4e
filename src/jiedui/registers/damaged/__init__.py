"""Damaged text, repaired where that is certain.

Takes a text, a table or a file in which a converter turned characters traditional and left pinyin in
brackets, or with full-width digits, invisible signs, bytes read in the wrong encoding; gives it repaired,
each change with its reason. Refuses to guess: what is lost or not certain is asked, and the original stays
as it is.
"""

from jiedui.registers.damaged.cells import RepairedTable, repair_table
from jiedui.registers.damaged.changes import Change, Question, Repaired
from jiedui.registers.damaged.copies import RepairedFile, repair_file
from jiedui.registers.damaged.generator import damage_text
from jiedui.registers.damaged.repair import repair_text
from jiedui.registers.damaged.report import write_report

__all__ = [
    "Change",
    "Question",
    "Repaired",
    "RepairedFile",
    "RepairedTable",
    "damage_text",
    "repair_file",
    "repair_table",
    "repair_text",
    "write_report",
]
