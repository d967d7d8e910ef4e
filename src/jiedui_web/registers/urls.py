"""Addresses of the app `registers`."""

from __future__ import annotations

from django.urls import path

from jiedui_web.registers import views

urlpatterns = [path("", views.home, name="registers")]
