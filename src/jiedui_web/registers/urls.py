"""Addresses of the app `registers`."""

from __future__ import annotations

from django.urls import include, path

from jiedui_web.registers import record_views, views

urlpatterns = [
    path("", views.home, name="registers"),
    path("search/", views.search, name="search"),
    path("found/", views.found, name="found"),
    path("list/<slug:name>/", views.register_list, name="register_list"),
    path("list/<slug:name>/new/", record_views.make, name="record_make"),
    path("record/<slug:outer_id>/", record_views.record, name="record"),
    path("record/<slug:outer_id>/change/", record_views.change, name="record_change"),
    path("record/<slug:outer_id>/end/", record_views.end, name="record_end"),
    path("imports/", include("jiedui_web.registers.import_urls")),
]
