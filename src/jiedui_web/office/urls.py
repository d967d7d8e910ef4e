"""Addresses of the app `office`."""

from __future__ import annotations

from django.urls import path

from jiedui_web.office import views

urlpatterns = [
    path("", views.home, name="office"),
    path("audit/", views.audit, name="audit"),
]
