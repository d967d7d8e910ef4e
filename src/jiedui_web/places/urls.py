"""Addresses of the app `places`."""

from __future__ import annotations

from django.urls import path

from jiedui_web.places import views

urlpatterns = [
    path("", views.places, name="places"),
    path("<slug:code>/", views.place, name="place"),
]
