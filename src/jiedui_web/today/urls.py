"""Addresses of Today."""

from __future__ import annotations

from django.urls import path

from jiedui_web.today import views

urlpatterns = [
    path("today/", views.today, name="today"),
    path("today/me/", views.my_account, name="my_account"),
]
