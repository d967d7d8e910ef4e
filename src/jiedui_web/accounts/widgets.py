"""Inputs that more than one form uses."""

from __future__ import annotations

from django import forms


class DayInput(forms.DateInput):
    """A day: what browsers expect is year-month-day in every language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")
