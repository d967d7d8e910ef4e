"""Articles: written by one, published by another, read by all, taken down on their day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from tests.web.conftest import FOREIGN, OWN

from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import User
from jiedui_web.audit.models import Event
from jiedui_web.square.actions import StaleError, change_article, publish_article, write_article
from jiedui_web.square.markup import markup
from jiedui_web.square.models import Article

VALUES = {
    "section": "news", "title": "春耕培训", "body": "## 安排\n\n- 三月开始", "title_en": "Spring training",
    "body_en": "From March on.", "place_code": OWN, "programme": "", "down_on": None,
}  # fmt: skip
FORM = {name: value or "" for name, value in VALUES.items()}


@pytest.fixture
def writer(person: Callable[..., User]) -> User:
    """A clerk of the own county."""
    return person(Function.ENTER)


@pytest.fixture
def publisher(person: Callable[..., User]) -> User:
    """Who decides in the own county."""
    return person(Function.DECIDE)


@pytest.fixture
def published(writer: User, publisher: User) -> Article:
    """An article that everybody may read."""
    made = write_article(by=writer, values=VALUES)
    publish_article(made, by=publisher, version=1)
    return made


def test_an_article_goes_from_draft_to_public_by_two_people(
    writer: User, publisher: User, client: Client
) -> None:
    """The whole way through pages."""
    client.force_login(writer)
    response = client.post("/desk/write/", FORM)
    article = Article.objects.get()
    assert response["Location"] == f"/desk/{article.outer_id}/"
    assert client.post(f"/desk/{article.outer_id}/publish/", {"version": 1}).status_code == 404
    assert Client().get(f"/article/{article.outer_id}/").status_code == 404
    client.force_login(publisher)
    client.post(f"/desk/{article.outer_id}/publish/", {"version": 1})
    shown = Client().get(f"/article/{article.outer_id}/").content.decode()
    assert "<h1>春耕培训</h1>" in shown
    assert "<h2>安排</h2>" in shown
    assert [event.action for event in Event.objects.filter(kind="article").order_by("id")] == [
        "article.write", "article.publish",
    ]  # fmt: skip


def test_the_english_page_shows_the_english_text(published: Article) -> None:
    """Each language its own text, and says which it is."""
    browser = Client(headers={"accept-language": "en"})
    shown = browser.get(f"/article/{published.outer_id}/").content.decode()
    assert "From March on." in shown
    assert '<html lang="en">' in shown


def test_an_article_is_gone_from_its_last_day_on(published: Article) -> None:
    """From every public page, and the archive."""
    Article.objects.update(down_on=timezone.localdate())
    for url in (f"/article/{published.outer_id}/", f"/archiver/article/{published.outer_id}/"):
        assert Client().get(url).status_code == 404
    assert "春耕培训" not in Client().get("/archiver/").content.decode()
    Article.objects.update(down_on=timezone.localdate() + timedelta(days=1))
    assert Client().get(f"/article/{published.outer_id}/").status_code == 200


def test_the_archive_holds_every_article_without_script_or_style(published: Article) -> None:
    """Plain text, reached by links from its first page."""
    index = Client().get("/archiver/").content.decode()
    assert f"/archiver/article/{published.outer_id}/" in index
    page = Client().get(f"/archiver/article/{published.outer_id}/").content.decode()
    assert "三月开始" in page
    assert "From March on." in page
    assert not any(tag in index + page for tag in ("<script", "<style", "stylesheet", "<img"))


def test_a_text_with_an_id_number_is_refused_and_kept_in_the_form(writer: User, client: Client) -> None:
    """Nothing is saved; what was written stands in the form."""
    client.force_login(writer)
    shown = client.post("/desk/write/", FORM | {"body": "手机 13900000000"}).content.decode()
    assert "内容疑似含有手机号" in shown
    assert "手机 13900000000" in shown
    assert not Article.objects.exists()


def test_a_place_out_of_reach_is_refused(writer: User, client: Client) -> None:
    """A county writes for itself."""
    client.force_login(writer)
    assert (
        "不在您的职责范围内" in client.post("/desk/write/", FORM | {"place_code": FOREIGN}).content.decode()
    )
    assert not Article.objects.exists()


def test_the_writer_cannot_publish_even_past_the_pages(writer: User) -> None:
    """The database holds the four eyes."""
    made = write_article(by=writer, values=VALUES)
    with pytest.raises(IntegrityError):
        Article.objects.filter(pk=made.pk).update(published_by=writer.outer_id, published_at=timezone.now())


def test_a_stale_form_loses_nobody_s_change(writer: User, client: Client) -> None:
    """The second sees both texts; saving again is his decision."""
    made = write_article(by=writer, values=VALUES)
    change_article(made, by=writer, version=1, values=VALUES | {"title": "先改的"})
    client.force_login(writer)
    url = f"/desk/{made.outer_id}/change/"
    response = client.post(url, FORM | {"title": "后改的", "version": 1})
    assert response.status_code == 409
    assert "先改的" in response.content.decode()
    assert "后改的" in response.content.decode()
    assert Article.objects.get().title == "先改的"
    assert client.post(url, FORM | {"title": "后改的", "version": 2}).status_code == 302
    assert Article.objects.get().title == "后改的"


def test_a_published_article_cannot_be_changed(published: Article, writer: User) -> None:
    """What is public is taken down, not rewritten."""
    published.refresh_from_db()
    with pytest.raises(StaleError):
        change_article(published, by=writer, version=published.version, values=VALUES)


def test_a_foreign_county_sees_no_draft(writer: User, signed_in: Callable[..., Client]) -> None:
    """Out of reach is 404."""
    made = write_article(by=writer, values=VALUES)
    browser = signed_in(Function.DECIDE, FOREIGN)
    assert browser.get(f"/desk/{made.outer_id}/").status_code == 404
    assert browser.post(f"/desk/{made.outer_id}/publish/", {"version": 1}).status_code == 404


def test_markup_lets_no_script_through() -> None:
    """HTML is shown as text; links to scripts lose their target."""
    shown = markup("<script>x</script>\n\n[a](javascript:alert(1)) ![p](http://x/y.png)\n\n# Title")
    assert "<script" not in shown
    assert "javascript:" not in shown.replace("[a](javascript:alert(1))", "")
    assert "<img" not in shown
    assert "<h2>Title</h2>" in shown


def test_a_version_that_no_number_holds_publishes_nothing(writer: User, publisher: User) -> None:
    """However long it is, it is only not the present one."""
    made = write_article(by=writer, values=VALUES)
    browser = Client()
    browser.force_login(publisher)
    assert browser.post(f"/desk/{made.outer_id}/publish/", {"version": "9" * 5000}).status_code == 302
    assert Article.objects.get().published_at is None
