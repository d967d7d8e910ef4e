"""Addresses of the app `office`."""

from __future__ import annotations

from django.urls import path

from jiedui_web.office import person_views, trail_views, views

urlpatterns = [
    path("", views.home, name="office"),
    path("people/", views.people, name="people"),
    path("people/new/", views.new_user, name="new_user"),
    path("people/<slug:outer_id>/", person_views.person, name="person"),
    path("people/<slug:outer_id>/password/", person_views.new_password, name="new_password"),
    path("people/<slug:outer_id>/second-factor/", person_views.no_second_factor, name="no_second_factor"),
    path("people/<slug:outer_id>/access/", person_views.access, name="access"),
    path("roles/<slug:outer_id>/revoke/", person_views.revoke, name="revoke_role"),
    path("organisations/", views.organisations, name="organisations"),
    path("settings/", views.settings, name="settings"),
    path("audit/", trail_views.audit, name="audit"),
    path("audit/verify/", trail_views.verify_trail, name="verify_trail"),
    path("audit/export/", trail_views.export_trail, name="export_trail"),
]
