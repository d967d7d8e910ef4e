"""Forms: search, filter, one record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from jiedui_web.accounts.functions import Function
from jiedui_web.bridge.declarations import Declaration, Field, WrongValueError, typed_value, value_of
from jiedui_web.language import lazy_text, text
from jiedui_web.places.queries import is_known, programmes_in_reach
from jiedui_web.registers.facts import label_of, words
from jiedui_web.registers.queries import NAME, PLACE
from jiedui_web.registers.sealing import covered, holds_whole

if TYPE_CHECKING:
    from django.http import QueryDict

    from jiedui_web.accounts.access import Reach

LONGEST_QUERY = 100
NOTE_ROWS = 3
FORM = "record"


class SearchForm(forms.Form):
    """One box for names, numbers and villages."""

    q = forms.CharField(label=lazy_text("registers.search"), max_length=LONGEST_QUERY, required=False)
    register = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)


class FilterForm(forms.Form):
    """What a list is narrowed by."""

    programme = forms.ChoiceField(label=lazy_text("registers.programme"), required=False)
    place = forms.CharField(label=lazy_text("registers.place"), max_length=32, required=False)
    kind = forms.ChoiceField(label=lazy_text("registers.kind"), required=False)
    order = forms.ChoiceField(label=lazy_text("registers.order"), required=False)

    def __init__(self, data: QueryDict, *, reach: Reach, one: Declaration) -> None:
        super().__init__(data)
        every = [("", text("registers.every"))]
        programmes = [(row.key, row.name) for row in programmes_in_reach(reach)]
        self._choose("programme", every + programmes)
        self._choose("kind", every + [(kind, kind) for kind in one.kinds])
        self._choose("order", [(PLACE, text("registers.order_place")), (NAME, text("registers.order_name"))])
        if one.kind_field:
            self.fields["kind"].label = words(one.field(one.kind_field).words)
        if not one.kinds:
            del self.fields["kind"]
        if len(programmes) <= 1:
            del self.fields["programme"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def asked(self, name: str) -> str:
        """Give what was asked for; nothing where it cannot be used."""
        return str(self.cleaned_data.get(name, "")) if self.is_valid() else ""


class RecordForm(forms.Form):
    """The columns of one record: for a new one all, of an old one those that do not name it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    place_code = forms.CharField(
        label=lazy_text("registers.place"), help_text=lazy_text("registers.place_hint"), max_length=32
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        one: Declaration,
        reach: Reach,
        programme: str,
        is_new: bool,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial, auto_id=f"{FORM}_%s")
        self.one, self.reach, self.programme = one, reach, programme
        self.columns = [field for field in one.fields if _is_asked(field, one, is_new=is_new)]
        for field in self.columns:
            self.fields[field.name] = _input(field, is_new=is_new)
        if is_new:
            del self.fields["version"]

    def clean(self) -> dict[str, Any]:
        """Read each value as the register's column declares it."""
        found = super().clean() or {}
        for field in self.columns:
            if field.name in self.errors:
                continue
            try:
                found[field.name] = _read(self.one, field, found.get(field.name, ""))
            except ValidationError as error:
                self.add_error(field.name, error)
        return found

    def clean_place_code(self) -> str:
        """Refuse a place that is not known, or not within reach of whoever enters."""
        code = str(self.cleaned_data["place_code"]).strip()
        if not self.reach.covers(code, self.programme, Function.ENTER) or not is_known(code):
            raise ValidationError(text("registers.place_unknown", code=code))
        return code

    @property
    def number(self) -> str:
        """The whole ID number that was typed; empty to keep the old."""
        return str(self.cleaned_data.get(self.one.id_field) or "")

    def values(self) -> dict[str, Any]:
        """Give what was entered by column, but the ID number; a further number left blank is kept."""
        return {
            field.name: value
            for field in self.columns
            if field.privacy != "id"
            and ((value := self.cleaned_data[field.name]) is not None or field.privacy != "further_id")
        }


def initial_of(one: Declaration, body: Mapping[str, Any]) -> dict[str, str]:
    """Give a body as somebody types it; numbers of persons stay covered, their inputs blank."""
    return {
        field.name: covered(typed_value(field, body.get(field.name)))
        for field in one.fields
        if field.privacy not in {"id", "further_id"}
    }


def _is_asked(field: Field, one: Declaration, *, is_new: bool) -> bool:
    """Whether a form asks for a column: the place is asked once, what names a record only at first."""
    if field.name == "place_code":
        return False
    return is_new or not field.is_key or (one.name == "persons" and field.name != one.parent_field)


def _input(field: Field, *, is_new: bool) -> forms.Field:
    """Give the input of a column."""
    label = label_of(field)
    required = field.is_required and (is_new or not field.privacy)
    if field.choices or field.type == "boolean":
        pairs = [(one, one) for one in field.choices]
        if field.type == "boolean":
            pairs = [("true", text("site.yes")), ("false", text("site.no"))]
        return forms.ChoiceField(label=label, choices=[("", "–"), *pairs], required=required)
    attributes = {"inputmode": "decimal"} if field.type in {"integer", "number", "money"} else {}
    widget: forms.Widget = forms.TextInput(attrs=attributes | {"autocomplete": "off"})
    if field.is_long:
        widget = forms.Textarea(attrs={"rows": NOTE_ROWS})
    return forms.CharField(
        label=label, required=required, widget=widget, help_text=_hint(field, is_new=is_new)
    )


def _hint(field: Field, *, is_new: bool) -> str:
    if field.privacy in {"id", "further_id"} and not is_new:
        return text("registers.number_hint")
    return text("registers.date_hint") if field.type == "date" else ""


def _read(one: Declaration, field: Field, typed: str) -> object:
    """Read a value; a whole ID number belongs into its own column."""
    if not typed and not field.is_required:
        return None
    if field.privacy in {"id", "further_id"} and not typed:
        return None
    if field.type == "text" and not field.privacy and not field.is_key and holds_whole(typed):
        raise ValidationError(text("registers.number_elsewhere"))
    try:
        return value_of(one.name, field.name, typed)
    except WrongValueError as error:
        raise ValidationError(words(error.words)) from None
