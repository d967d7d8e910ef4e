"""Files as offices keep them, read into sheets.

Takes .csv, .tsv, .xlsx, .xls, .ods and .parquet; gives each sheet with its layout understood. Refuses
files that are damaged, hostile or protected, before they can do harm.
"""

from jiedui.registers.files.limits import Limits
from jiedui.registers.files.reading import read_sheets
from jiedui.registers.files.sheet import DATE, FAILED, NUMBER, TEXT, TRUTH, Sheet

__all__ = ["DATE", "FAILED", "NUMBER", "TEXT", "TRUTH", "Limits", "Sheet", "read_sheets"]
