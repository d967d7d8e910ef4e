"""Measures the registers: reading, checks, ID numbers, an import of a million households."""
