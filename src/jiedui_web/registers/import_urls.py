"""Addresses of imports."""

from __future__ import annotations

from django.urls import path

from jiedui_web.registers import import_decisions as decisions
from jiedui_web.registers import import_views as views

urlpatterns = [
    path("", views.list_imports, name="imports"),
    path("new/", views.upload_files, name="import_new"),
    path("<str:outer_id>/", views.show_import, name="import"),
    path("<str:outer_id>/progress/", views.show_progress, name="import_progress"),
    path("<str:outer_id>/mapping/", views.map_headings, name="import_mapping"),
    path("<str:outer_id>/rows/", views.list_rows, name="import_rows"),
    path("<str:outer_id>/returned/", views.returned_file, name="import_returned"),
    path("<str:outer_id>/commit/", decisions.commit_import, name="import_commit"),
    path("<str:outer_id>/refuse/", decisions.refuse_import, name="import_refuse"),
    path("<str:outer_id>/undo/", decisions.undo_import, name="import_undo"),
    path("<str:outer_id>/review/", decisions.review_import, name="import_review"),
    path("<str:outer_id>/repeat/", decisions.repeat_import, name="import_repeat"),
    path("<str:outer_id>/return/", decisions.return_import, name="import_return"),
]
