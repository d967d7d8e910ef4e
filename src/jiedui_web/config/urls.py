"""Addresses of the site."""

from __future__ import annotations

from django.urls import include, path

from jiedui_web.config.api import api

urlpatterns = [
    path("accounts/", include("jiedui_web.accounts.urls")),
    path("", include("jiedui_web.today.urls")),
    path("places/", include("jiedui_web.places.urls")),
    path("registers/", include("jiedui_web.registers.urls")),
    path("pairs/", include("jiedui_web.pairs.urls")),
    path("api/v1/", api.urls),
    path("office/", include("jiedui_web.office.urls")),
    path("", include("jiedui_web.square.urls")),
]
handler404 = "jiedui_web.config.faults.not_found"
handler403 = "jiedui_web.config.faults.forbidden"
handler500 = "jiedui_web.config.faults.fault"
