"""The form that narrows the list of places."""

from __future__ import annotations

from django import forms

from jiedui_web.accounts.functions import Level
from jiedui_web.language import lazy_text

LONGEST_QUERY = 60


class PlaceFilter(forms.Form):
    """A beginning of the code or a part of the name, and the level."""

    q = forms.CharField(label=lazy_text("places.query"), max_length=LONGEST_QUERY, required=False)
    level = forms.ChoiceField(label=lazy_text("places.level"), required=False)

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)  # type: ignore[arg-type]
        field = self.fields["level"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", lazy_text("places.every")), *Level.choices]

    def asked(self, name: str) -> str:
        """Give what was asked for; nothing where it cannot be used."""
        return str(self.cleaned_data.get(name, "")).strip() if self.is_valid() else ""
