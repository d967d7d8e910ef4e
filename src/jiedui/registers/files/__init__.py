"""Files as offices keep them, read into sheets.

Takes .csv, .tsv, .xlsx, .xls, .ods and .parquet; gives each sheet with its layout understood. Refuses
files that are damaged, hostile or protected, before they can do harm.
"""

from jiedui.registers.files.sheet import DATE, FAILED, NUMBER, TEXT, TRUTH, Sheet

__all__ = ["DATE", "FAILED", "NUMBER", "TEXT", "TRUTH", "Sheet"]
