"""What the pages of the office read."""

from __future__ import annotations

from jiedui_web.office.models import SiteSettings


def site_settings() -> SiteSettings:
    """Give the settings of the site; those of a new site where nobody kept any."""
    return SiteSettings.objects.filter(pk=1).first() or SiteSettings(pk=1)


def second_factor_for() -> list[str]:
    """Give the functions whose holders need a second factor."""
    return list(site_settings().second_factor_for)
