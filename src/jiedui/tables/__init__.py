"""The declaration mechanism, and reading one clean file."""

from jiedui.tables.declaration import Column, Table

__all__ = ["Column", "Table"]
