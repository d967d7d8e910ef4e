"""What goes back to the clerk: returned workbooks, clean tables, forms, the update list.

Takes a register, findings, corrections and the files they came from; gives workbooks to print or to work
on, and says which corrections the next export took over. Refuses to touch an original, and to write
anything that a spreadsheet would run.
"""

from jiedui.registers.forms.book import Written
from jiedui.registers.forms.form import Form
from jiedui.registers.forms.outputs import write_tables
from jiedui.registers.forms.reading import read_form, shipped_forms
from jiedui.registers.forms.returning import return_workbook
from jiedui.registers.forms.update_paper import write_update_list
from jiedui.registers.forms.updates import TICKED, tick_off
from jiedui.registers.forms.writing import write_form

__all__ = [
    "TICKED",
    "Form",
    "Written",
    "read_form",
    "return_workbook",
    "shipped_forms",
    "tick_off",
    "write_form",
    "write_tables",
    "write_update_list",
]
