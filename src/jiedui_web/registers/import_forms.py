"""Forms of imports: what is uploaded for where, and what each heading feeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms

from jiedui_web.accounts.functions import Function
from jiedui_web.bridge.importing import ENDINGS
from jiedui_web.bridge.wording import read_target, target_words
from jiedui_web.language import lazy_text, text, this_language
from jiedui_web.registers.import_queries import places_to_enter, programmes_to_enter
from jiedui_web.registers.import_uploads import ArrivedFile

if TYPE_CHECKING:
    from jiedui_web.accounts.access import Reach

LISTED = 300
"""Places offered in a list; others are typed by their code."""


class FilesInput(forms.ClearableFileInput):
    """One or several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Gives every file that was chosen."""

    widget = FilesInput(attrs={"accept": ",".join(ENDINGS)})

    def clean(self, data: Any, initial: Any = None) -> list[ArrivedFile]:  # noqa: ANN401
        """Check each file."""
        several = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in several or [None]]


class UploadForm(forms.Form):
    """Files for a programme, for the places under a code."""

    programme = forms.ChoiceField(label=lazy_text("imports.programme"))
    place_code = forms.CharField(
        label=lazy_text("imports.place"), help_text=lazy_text("imports.place_hint"), max_length=32
    )
    chosen = FilesField(label=lazy_text("imports.files"), help_text=lazy_text("imports.files_hint"))

    def __init__(self, *values: Any, reach: Reach, fault: str = "", **named: Any) -> None:  # noqa: ANN401
        super().__init__(*values, **named)
        self._reach, self._fault = reach, fault
        self.places = list(places_to_enter(reach)[:LISTED])
        programmes = self.fields["programme"]
        if isinstance(programmes, forms.ChoiceField):
            programmes.choices = [(one.key, str(one)) for one in programmes_to_enter(reach)]
        self.fields["place_code"].widget.attrs["list"] = "places"
        if self.places:
            self.fields["place_code"].initial = self.places[0].code
        self.fields["chosen"].error_messages = {
            name: lazy_text("imports.no_file") for name in ("required", "invalid", "missing", "empty")
        }

    def clean(self) -> dict[str, Any]:
        """Refuse a place that is not the reader's to enter, or is none; and tell of files not taken."""
        values = super().clean() or {}
        place, programme = values.get("place_code", "").strip(), values.get("programme", "")
        known = places_to_enter(self._reach).filter(code=place).exists()
        if place and not (known and self._reach.covers(place, programme, Function.ENTER)):
            self.add_error("place_code", text("imports.no_place"))
        if self._fault:
            self.errors.pop("chosen", None)
            self.add_error("chosen", text(f"imports.fault_{self._fault}"))
        return values | {"place_code": place}


class MappingForm(forms.Form):
    """What each heading feeds: words of columns, several joined by ``+``, or nothing."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *values: Any, lines: Iterable[Mapping[str, Any]], **named: Any) -> None:  # noqa: ANN401
        super().__init__(*values, **named)
        self.lines = list(lines)
        for order, line in enumerate(self.lines):
            self.fields[f"feed-{order}"] = forms.CharField(
                label=str(line["heading"]),
                required=False,
                initial=target_words(line["feeds"], this_language()),
                help_text=_reason(line),
                widget=forms.TextInput(attrs={"list": "targets", "autocomplete": "off"}),
            )

    def feeds(self) -> list[list[list[str]]]:
        """Give the columns that each heading feeds."""
        return [read_target(self.cleaned_data[f"feed-{order}"]) or [] for order in range(len(self.lines))]

    def clean(self) -> dict[str, Any]:
        """Refuse words that name no column, and two headings for one."""
        values = super().clean() or {}
        taken: dict[tuple[str, str, str], int] = {}
        for order, line in enumerate(self.lines):
            name = f"feed-{order}"
            found = read_target(values.get(name) or "")
            if found is None:
                self.add_error(name, text("imports.no_column", found=values[name]))
                continue
            for register, column in found:
                other = taken.setdefault((line["sheet"], register, column), order)
                if other != order:
                    told = text("imports.fed_twice", other=self.lines[other]["heading"])
                    self.add_error(name, told)
        return values


def _reason(line: Mapping[str, Any]) -> str:
    """Say how a heading was understood, on which sheet it stands, and what may be meant."""
    parts = [text(f"imports.reason_{line['reason']}")]
    if line["sheet"]:
        parts.insert(0, text("imports.on_sheet", sheet=line["sheet"]))
    if line["suggestion"]:
        parts.append(text("imports.perhaps", words=target_words([line["suggestion"]], this_language())))
    return " ".join(parts)
