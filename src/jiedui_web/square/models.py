"""Articles, which everybody may read once two people looked at them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jiedui_web.accounts.models import new_outer_id
from jiedui_web.language import lazy_text


class Section(models.TextChoices):
    """Where an article stands."""

    ANNOUNCEMENT = "announcement", lazy_text("section.announcement")
    NEWS = "news", lazy_text("section.news")
    POLICY = "policy", lazy_text("section.policy")
    DATA = "data", lazy_text("section.data")


class Article(models.Model):
    """A text for everybody: written by one person, published by another, taken down on its day."""

    outer_id = models.CharField(max_length=32, unique=True, default=new_outer_id, editable=False)
    section = models.CharField(max_length=16, choices=Section.choices)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    body = models.TextField(max_length=50_000)
    """Markdown; no HTML."""
    body_en = models.TextField(max_length=50_000, blank=True)
    place_code = models.CharField(max_length=32, blank=True)
    programme = models.CharField(max_length=64, blank=True)
    written_by = models.CharField(max_length=32)
    written_at = models.DateTimeField()
    published_by = models.CharField(max_length=32, blank=True)
    published_at = models.DateTimeField(null=True, db_index=True)
    down_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["section", "-published_at"], name="article_by_section")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | ~Q(published_by=F("written_by")),
                name="article_four_eyes",
            )
        ]

    def __str__(self) -> str:
        return self.title
