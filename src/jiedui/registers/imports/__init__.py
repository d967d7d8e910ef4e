"""Imports into a store: staged, reviewed, merged, undone.

Takes a `Register` and a store's connection; gives imports with a review of every changed cell, and rows in
force. Refuses what was not reviewed, or was reviewed against rows that changed since; never does half.
"""

from jiedui.registers.imports.books import Import, history, rows_in_force
from jiedui.registers.imports.deciding import commit, refuse, undo
from jiedui.registers.imports.reviewing import Review, review
from jiedui.registers.imports.staging import stage

__all__ = [
    "Import",
    "Review",
    "commit",
    "history",
    "refuse",
    "review",
    "rows_in_force",
    "stage",
    "undo",
]
