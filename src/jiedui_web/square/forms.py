"""The form of an article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from jiedui_web.accounts.widgets import DayInput
from jiedui_web.language import lazy_text, text
from jiedui_web.square.models import Article
from jiedui_web.square.queries import WRITERS

if TYPE_CHECKING:
    from django.http import QueryDict

    from jiedui_web.accounts.access import Reach


class ArticleForm(forms.ModelForm[Article]):
    """What somebody writes: never more than the places of his own reach."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Article
        fields = ["section", "title", "body", "title_en", "body_en", "place_code", "programme", "down_on"]
        labels = {name: lazy_text(f"square.{name}") for name in fields}
        help_texts = {
            "body": lazy_text("square.body_hint"),
            "title_en": lazy_text("square.english_hint"),
            "place_code": lazy_text("square.place_hint"),
            "down_on": lazy_text("square.down_hint"),
        }
        widgets = {
            "down_on": DayInput(),
            "body": forms.Textarea(attrs={"rows": 14}),
            "body_en": forms.Textarea(attrs={"rows": 10}),
        }

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        reach: Reach,
        instance: Article | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, instance=instance, initial=initial)
        self.reach = reach

    def clean(self) -> dict[str, Any]:
        """Refuse places and programmes out of reach."""
        found = super().clean() or {}
        if not self.reach.covers(found.get("place_code", ""), found.get("programme", ""), *WRITERS):
            raise ValidationError({"place_code": text("square.out_of_reach")})
        return found

    def values(self) -> dict[str, Any]:
        """Give what was written."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}
