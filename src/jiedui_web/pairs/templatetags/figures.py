"""Figures as people read them: ``{{ row.km|figure }}``."""

from __future__ import annotations

from django import template

from jiedui_web.pairs.queries.figures import shown

register = template.Library()
register.filter("figure", shown)
