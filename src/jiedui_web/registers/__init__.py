"""Registers in the browser: search, lists, records with their timeline, imports."""
