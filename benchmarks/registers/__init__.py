"""Registers of a million rows, beside a bare read of them."""
