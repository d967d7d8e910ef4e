"""Addresses of the public pages, the archive, and the desk of those who write."""

from __future__ import annotations

from django.urls import path

from jiedui_web.square import archiver, published_views, views, writing_views

urlpatterns = [
    path("", views.home, name="public"),
    path("robots.txt", views.robots, name="robots"),
    path("articles/<slug:name>/", views.articles, name="articles"),
    path("article/<str:outer_id>/", views.article, name="article"),
    path("archiver/", archiver.index, name="archive"),
    path("published/", published_views.programmes, name="published"),
    path("published/<slug:key>/", published_views.programme, name="published_programme"),
    path("published/<slug:key>/map.<slug:lang>.svg", published_views.programme_map, name="published_map"),
    path("published/<slug:key>/pairings.csv", published_views.programme_csv, name="published_csv"),
    path("archiver/published/<slug:key>/", published_views.archived, name="archived_programme"),
    path("archiver/article/<str:outer_id>/", archiver.article, name="archived_article"),
    path("desk/", writing_views.desk, name="desk"),
    path("desk/write/", writing_views.write, name="write"),
    path("desk/<str:outer_id>/", writing_views.draft, name="draft"),
    path("desk/<str:outer_id>/change/", writing_views.change, name="change_article"),
    path("desk/<str:outer_id>/publish/", writing_views.publish, name="publish_article"),
    path("desk/<str:outer_id>/withdraw/", writing_views.withdraw, name="withdraw_article"),
]
