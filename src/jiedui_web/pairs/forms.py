"""Forms of the app `pairs`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django import forms

from jiedui_web.language import lazy_text, text, this_language
from jiedui_web.pairs.models import HumanDecision

if TYPE_CHECKING:
    from django.http import QueryDict

WHY = 1000


def _why() -> forms.CharField:
    return forms.CharField(
        label=lazy_text("pairs.why"),
        help_text=lazy_text("pairs.why_hint"),
        max_length=WHY,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": lazy_text("pairs.why_missing")},
    )


class ReasonForm(forms.Form):
    """A reason, against the version that was looked at."""

    why = _why()
    version = forms.IntegerField(widget=forms.HiddenInput)


class VersionForm(forms.Form):
    """The version that was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ChoiceForm(forms.Form):
    """Deciding on a proposal."""

    why = _why()
    valid_from = forms.DateField(
        label=lazy_text("pairs.first_day"),
        help_text=lazy_text("pairs.first_day_hint"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": lazy_text("pairs.day_missing"),
            "invalid": lazy_text("pairs.day_missing"),
        },
    )


class RulingForm(forms.Form):
    """Locking, forbidding or demanding a pair; only a present pair can be locked."""

    kind = forms.ChoiceField(
        label=lazy_text("pairs.kind_of_ruling"),
        widget=forms.RadioSelect,
        error_messages={"required": lazy_text("pairs.kind_missing")},
    )
    why = _why()

    def __init__(self, data: QueryDict | None = None, *, is_present: bool) -> None:
        super().__init__(data, auto_id="ruling_%s")
        kinds = HumanDecision.Kind
        offered = (kinds.LOCKED, kinds.FORBIDDEN) if is_present else (kinds.FORCED, kinds.FORBIDDEN)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (one.value, text(f"pairs.rule_{one.value}")) for one in offered
        ]


class WhyNotForm(forms.Form):
    """Asking for another helper."""

    helper = forms.ChoiceField(label=lazy_text("pairs.other_helper"))

    def __init__(
        self, data: QueryDict | None = None, *, names: Mapping[str, Mapping[str, str]], without: str
    ) -> None:
        super().__init__(data, auto_id="why_not_%s")
        lang = this_language()
        self.fields["helper"].choices = [  # type: ignore[attr-defined]
            (key, words.get(lang) or words.get("zh", key)) for key, words in names.items() if key != without
        ]


class FilterForm(forms.Form):
    """Narrowing a list of pairs to a helper and the places under a code."""

    helper = forms.ChoiceField(label=lazy_text("pairs.helper"), required=False)
    place = forms.RegexField(r"^[0-9A-Za-z.\-]{1,32}$", label=lazy_text("pairs.place"), required=False)

    def __init__(self, data: QueryDict | None = None, *, names: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__(data, auto_id="filter_%s")
        lang = this_language()
        every = [("", text("pairs.every_helper"))]
        self.fields["helper"].choices = every + [  # type: ignore[attr-defined]
            (key, words.get(lang) or words.get("zh", key)) for key, words in names.items()
        ]

    def asked(self) -> dict[str, str]:
        """Give what is asked for; nothing where it makes no sense."""
        if not self.is_valid():
            return {"helper": "", "place": ""}
        return {name: self.cleaned_data[name] for name in ("helper", "place")}
