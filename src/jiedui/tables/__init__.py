"""The declaration mechanism, and reading one clean file.

Takes a file and the declaration of its table; gives the rows exactly as declared, or every finding with
its cell; from the same declaration the Excel template and the codebook. Refuses to repair or guess: a file
that does not fit is given back to its office.
"""

from jiedui.tables.codebook import CODEBOOK, codebook_rows
from jiedui.tables.declaration import Column, Table
from jiedui.tables.reading import Reading, read_table
from jiedui.tables.template import sheet_name, write_template

__all__ = [
    "CODEBOOK",
    "Column",
    "Reading",
    "Table",
    "codebook_rows",
    "read_table",
    "sheet_name",
    "write_template",
]
