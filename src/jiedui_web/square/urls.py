"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import path

from jiedui_web.square import views

urlpatterns = [path("", views.home, name="public")]
