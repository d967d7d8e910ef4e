"""Addresses of the app `pairs`."""

from __future__ import annotations

from django.urls import path

from jiedui_web.pairs.views import choices, programmes, proposals, solvings

urlpatterns = [
    path("", programmes.home, name="pairs"),
    path("programmes/<slug:key>/", programmes.programme, name="pairs_programme"),
    path("programmes/<slug:key>/solve/", solvings.ask, name="ask_solving"),
    path("solvings/<str:outer_id>/", solvings.solving, name="solving"),
    path("solvings/<str:outer_id>/cancel/", solvings.cancel, name="cancel_solving"),
    path("proposals/<str:outer_id>/", proposals.proposal, name="proposal"),
    path("proposals/<str:outer_id>/map.svg", proposals.proposal_map, name="proposal_map"),
    path("proposals/<str:outer_id>/choose/", choices.choose, name="choose_proposal"),
    path("proposed/<str:outer_id>/", proposals.pair, name="proposed_pair"),
    path("proposed/<str:outer_id>/rule/", proposals.rule, name="rule_pair"),
    path("rulings/<str:outer_id>/withdraw/", proposals.withdraw, name="withdraw_ruling"),
    path("choices/<str:outer_id>/", choices.choice, name="choice"),
    path("choices/<str:outer_id>/approve/", choices.approve, name="approve_choice"),
    path("choices/<str:outer_id>/refuse/", choices.refuse, name="refuse_choice"),
    path("choices/<str:outer_id>/withdraw/", choices.withdraw, name="withdraw_choice"),
    path("choices/<str:outer_id>/publish/", choices.publish, name="publish_choice"),
]
