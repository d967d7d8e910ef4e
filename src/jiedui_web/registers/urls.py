"""Addresses of the app `registers`."""

from __future__ import annotations

from django.urls import include, path

from jiedui_web.registers import views

urlpatterns = [
    path("", views.home, name="registers"),
    path("imports/", include("jiedui_web.registers.import_urls")),
]
