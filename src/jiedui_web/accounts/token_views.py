"""Pages of one's own API tokens."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jiedui_web.accounts.functions import READING
from jiedui_web.accounts.pages import SignedRequest, page
from jiedui_web.accounts.queries import tokens_of
from jiedui_web.accounts.tokens import Scope, make_token, revoke_token
from jiedui_web.accounts.widgets import DayInput
from jiedui_web.language import lazy_text, text

USUAL_DAYS = 90


class TokenForm(forms.Form):
    """What a token is for, what it may read, until when."""

    name = forms.CharField(max_length=100, label=lazy_text("accounts.token_name"))
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices, widget=forms.CheckboxSelectMultiple, label=lazy_text("accounts.token_scopes")
    )
    expires_on = forms.DateField(widget=DayInput, label=lazy_text("accounts.token_until"))


@page(*READING)
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: SignedRequest) -> HttpResponse:
    """List one's tokens and make new ones; a token is shown in the answer that made it."""
    usual = timezone.localdate() + timedelta(days=USUAL_DAYS)
    form = TokenForm(request.POST or None, initial={"expires_on": usual})
    made = ""
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            _, made = make_token(
                by=request.user,
                name=values["name"],
                scopes=[Scope(one) for one in values["scopes"]],
                expires_on=values["expires_on"],
            )
            form = TokenForm(initial={"expires_on": usual})
        except ValidationError as error:
            form.add_error(None, error)
    values = {"form": form, "made": made, "tokens": tokens_of(request.user)}
    return render(request, "accounts/tokens.html", values)


@page(*READING)
@require_POST
def revoke(request: SignedRequest, outer_id: str) -> HttpResponse:
    """End one of one's own tokens."""
    revoke_token(get_object_or_404(tokens_of(request.user), outer_id=outer_id), by=request.user)
    messages.success(request, text("accounts.token_revoked"))
    return redirect("tokens")
