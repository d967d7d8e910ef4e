"""Forms of the office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from jiedui_web.accounts.functions import Function, Level
from jiedui_web.accounts.models import Organisation, User
from jiedui_web.accounts.widgets import DayInput
from jiedui_web.language import lazy_text, text
from jiedui_web.office.models import SiteSettings
from jiedui_web.office.trail import known_actions

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import QueryDict

    from jiedui_web.accounts.access import Reach

NO_PLACE_OR_MORE = r"^[0-9A-Za-z-]*$"


class TrailForm(forms.Form):
    """What an auditor asks for."""

    who = forms.CharField(
        required=False, max_length=100, label=lazy_text("audit.who"), help_text=lazy_text("audit.who_hint")
    )
    thing = forms.CharField(required=False, max_length=64, label=lazy_text("audit.thing"))
    place = forms.CharField(
        required=False, max_length=32, label=lazy_text("audit.place"), help_text=lazy_text("audit.place_hint")
    )
    action = forms.ChoiceField(required=False, label=lazy_text("audit.action"))
    from_day = forms.DateField(required=False, label=lazy_text("audit.from_day"), widget=DayInput)
    to_day = forms.DateField(required=False, label=lazy_text("audit.to_day"), widget=DayInput)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        action = self.fields["action"]
        if isinstance(action, forms.ChoiceField):
            action.choices = [("", text("audit.any_action")), *known_actions()]

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        found = super().clean() or {}
        first, last = found.get("from_day"), found.get("to_day")
        if first and last and last < first:
            raise ValidationError({"to_day": text("audit.wrong_days")})
        return found


class OrganisationForm(forms.ModelForm[Organisation]):
    """A new organisation, within the administrator's reach."""

    class Meta:
        model = Organisation
        fields = ["name", "name_en", "place_code"]
        labels = {name: lazy_text(f"office.{name}") for name in fields}
        help_texts = {"place_code": lazy_text("office.place_hint")}

    def __init__(self, data: QueryDict | None = None, *, reach: Reach) -> None:
        super().__init__(data)
        self.reach = reach

    def clean_place_code(self) -> str:
        """Refuse places out of reach."""
        return _within(self.reach, str(self.cleaned_data["place_code"]))


class UserForm(forms.Form):
    """A new user of an organisation within reach."""

    username = forms.SlugField(
        max_length=150, label=lazy_text("accounts.username"), help_text=lazy_text("office.username_hint")
    )
    name = forms.CharField(max_length=100, label=lazy_text("office.person"))
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), to_field_name="outer_id", label=lazy_text("accounts.organisation")
    )

    def __init__(self, data: QueryDict | None = None, *, organisations: QuerySet[Organisation]) -> None:
        super().__init__(data)
        field = self.fields["organisation"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = organisations

    def clean_username(self) -> str:
        """Refuse a name that is taken, in whatever case."""
        name = str(self.cleaned_data["username"]).lower()
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(text("office.username_taken"))
        return name


class RoleForm(forms.Form):
    """A role to give, within the administrator's reach."""

    function = forms.ChoiceField(choices=Function.choices, label=lazy_text("accounts.function"))
    level = forms.ChoiceField(choices=Level.choices, label=lazy_text("accounts.level"))
    place = forms.RegexField(
        NO_PLACE_OR_MORE, required=False, max_length=32, label=lazy_text("accounts.places"),
        help_text=lazy_text("office.prefix_hint"),
    )  # fmt: skip
    programme = forms.SlugField(
        required=False, max_length=64, label=lazy_text("accounts.programme"),
        help_text=lazy_text("office.programme_hint"),
    )  # fmt: skip
    expires_on = forms.DateField(
        required=False, label=lazy_text("accounts.until"), widget=DayInput,
        help_text=lazy_text("office.until_hint"),
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, reach: Reach) -> None:
        super().__init__(data)
        self.reach = reach

    def clean(self) -> dict[str, Any]:
        """Refuse places and programmes out of reach."""
        found = super().clean() or {}
        _within(self.reach, found.get("place", ""), found.get("programme", ""), field="place")
        return found

    def values(self) -> dict[str, Any]:
        """Give the role."""
        found = dict(self.cleaned_data)
        found["prefix"] = found.pop("place")
        return found | {"function": Function(found["function"]), "level": Level(found["level"])}


class SettingsForm(forms.ModelForm[SiteSettings]):
    """What stands at the foot of every page, and who needs a second factor."""

    second_factor_for = forms.MultipleChoiceField(
        choices=Function.choices, required=False, widget=forms.CheckboxSelectMultiple,
        label=lazy_text("office.second_factor_for"), help_text=lazy_text("office.second_factor_hint"),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = SiteSettings
        fields = [
            "organisation", "organisation_en", "contact", "complaints", "icp_number", "police_number",
            "second_factor_for",
        ]  # fmt: skip
        labels = {name: lazy_text(f"office.{name}") for name in fields}
        help_texts = {"complaints": lazy_text("office.complaints_hint")}

    def values(self) -> dict[str, Any]:
        """Give what was written."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


def _within(reach: Reach, place: str, programme: str = "", *, field: str = "") -> str:
    """Refuse a place out of an administrator's reach."""
    if not reach.covers(place, programme, Function.ADMINISTER):
        told = text("office.out_of_reach")
        raise ValidationError({field: told} if field else told)
    return place
