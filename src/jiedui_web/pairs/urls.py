"""Addresses of the app `pairs`."""

from __future__ import annotations

from django.urls import path

from jiedui_web.pairs import views

urlpatterns = [path("", views.home, name="pairs")]
