"""Pages of imports: upload, map, review, decide; for others they do not exist."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import IO

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.web.conftest import FOREIGN, OWN
from tests.web.import_cast import ROWS, csv_of, run_tasks

from jiedui_web.accounts.functions import Function
from jiedui_web.registers import import_uploads
from jiedui_web.registers.import_runs import upload_folder
from jiedui_web.registers.models import Import, Record, State

pytestmark = pytest.mark.usefixtures("programme")
UPLOAD = "/registers/imports/new/"


def send(browser: Client, content: bytes, name: str = "农户.csv", place: str = OWN) -> Import | None:
    """Upload a file; give the import it became."""
    file = SimpleUploadedFile(name, content)
    answer = browser.post(UPLOAD, {"programme": "county", "place_code": place, "chosen": file})
    run_tasks()
    return Import.objects.last() if answer.status_code == 302 else None


def uploads() -> set[str]:
    """Name what lies in the upload folder."""
    return {path.name for path in upload_folder().iterdir()}


@pytest.fixture
def browser(signed_in: Callable[..., Client]) -> Client:
    """A clerk of the own county."""
    return signed_in(Function.ENTER)


def test_a_file_goes_from_upload_to_undo_in_the_browser(browser: Client) -> None:
    """Upload, confirm headings, look at the rows, commit, undo: each page answers."""
    run = send(browser, csv_of(*ROWS))
    assert run is not None
    page = f"/registers/imports/{run.outer_id}/"
    mapping = browser.get(f"{page}mapping/")
    assert "户主姓名" in mapping.content.decode()
    values = {name: field.initial for name, field in mapping.context["form"].fields.items()}
    values["version"] = run.version
    assert browser.post(f"{page}mapping/", values).status_code == 302
    assert "138****0001" in browser.get(f"{page}rows/?state=new&register=households").content.decode()
    run.refresh_from_db()
    assert browser.post(f"{page}commit/", {"version": run.version}).status_code == 302
    assert "hx-get" in browser.get(page).content.decode()
    run_tasks()
    assert Record.objects.count() == 2
    assert browser.get(page).status_code == 200
    browser.post(f"{page}undo/")
    run_tasks()
    assert not Record.objects.exists()
    assert "已撤销" in browser.get("/registers/imports/").content.decode()


def test_every_page_answers_in_both_languages(browser: Client) -> None:
    """No key is missing in any state."""
    run = send(browser, csv_of(*ROWS))
    assert run is not None
    page = f"/registers/imports/{run.outer_id}/"
    steps = {State.FAILED: ["unreadable", "fault", "full"], State.IN_REVIEW: ["", "stale", "outdated"]}
    for lang in ("zh", "en"):
        browser.cookies["jiedui_language"] = lang
        for address in ("/registers/imports/", UPLOAD, f"{page}mapping/", f"{page}rows/?state=new"):
            assert browser.get(address).status_code == 200
        for state in State:
            for step in steps.get(state, ["", "undoing", "built_upon"]):
                Import.objects.filter(pk=run.pk).update(state=state, step=step)
                assert browser.get(page).status_code == 200, (state, step)
        Import.objects.filter(pk=run.pk).update(state=State.MAPPING, step="")


@pytest.mark.parametrize("function", [Function.SEE, Function.DECIDE, Function.AUDIT, Function.ADMINISTER])
def test_without_the_function_there_is_no_import(
    browser: Client, signed_in: Callable[..., Client], function: Function
) -> None:
    """404 for every address and method."""
    run = send(browser, csv_of(*ROWS))
    assert run is not None
    other = signed_in(function)
    page = f"/registers/imports/{run.outer_id}/"
    for address in (
        "/registers/imports/",
        UPLOAD,
        page,
        f"{page}mapping/",
        f"{page}rows/",
        f"{page}progress/",
    ):
        assert other.get(address).status_code == 404
    assert other.post(f"{page}commit/", {"version": run.version}).status_code == 404


def test_a_neighbour_finds_no_import_and_uploads_for_own_places_alone(
    browser: Client, signed_in: Callable[..., Client]
) -> None:
    """The same answers as for what does not exist."""
    run = send(browser, csv_of(*ROWS))
    assert run is not None
    neighbour = signed_in(Function.ENTER, FOREIGN)
    page = f"/registers/imports/{run.outer_id}/"
    for address in ("", "mapping/", "rows/", "progress/", "returned/"):
        assert neighbour.get(page + address).status_code == 404
    for act in ("commit/", "refuse/", "undo/", "review/", "repeat/", "return/", "mapping/"):
        assert neighbour.post(page + act, {"version": run.version}).status_code == 404
    assert run.file_name not in neighbour.get("/registers/imports/").content.decode()
    before = uploads()
    assert send(neighbour, csv_of(ROWS[0]), place=OWN) is None
    assert uploads() == before


def test_decisions_are_asked_by_post_alone(browser: Client) -> None:
    """A link changes nothing."""
    run = send(browser, csv_of(*ROWS))
    assert run is not None
    for act in ("commit", "refuse", "undo", "review", "repeat", "return"):
        assert browser.get(f"/registers/imports/{run.outer_id}/{act}/").status_code == 405


def test_the_same_file_twice_is_told_and_kept_once(browser: Client) -> None:
    """The second upload leads to the first import."""
    send(browser, csv_of(*ROWS))
    before = uploads()
    file = SimpleUploadedFile("另一名.csv", csv_of(*ROWS))
    answer = browser.post(UPLOAD, {"programme": "county", "place_code": OWN, "chosen": file}, follow=True)
    assert "没有重复导入" in answer.content.decode()
    assert (Import.objects.count(), uploads()) == (1, before)


def test_several_files_are_several_imports(browser: Client) -> None:
    """One form, two files."""
    files = [SimpleUploadedFile(f"{n}.csv", csv_of(row)) for n, row in enumerate(ROWS)]
    browser.post(UPLOAD, {"programme": "county", "place_code": OWN, "chosen": files})
    assert Import.objects.count() == 2


def test_a_file_too_large_is_told_and_not_kept(browser: Client, settings: LazySettings) -> None:
    """413, the form with its values, nothing stored."""
    settings.UPLOAD_MOST_MB = 0
    before = uploads()
    file = SimpleUploadedFile("a.csv", csv_of(*ROWS))
    answer = browser.post(UPLOAD, {"programme": "county", "place_code": OWN, "chosen": file})
    assert answer.status_code == 413
    assert "文件太大" in answer.content.decode()
    assert OWN in answer.content.decode()
    assert (uploads(), Import.objects.count()) == (before, 0)


def test_a_full_disk_is_told_and_nothing_stays(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that was begun is gone."""
    before = uploads()

    def full(out: IO[bytes], data: bytes) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(import_uploads, "_write", full)
    file = SimpleUploadedFile("a.csv", csv_of(*ROWS))
    answer = browser.post(UPLOAD, {"programme": "county", "place_code": OWN, "chosen": file})
    assert answer.status_code == 507
    assert "空间不足" in answer.content.decode()
    assert (uploads(), Import.objects.count()) == (before, 0)


def test_a_dropped_upload_leaves_nothing(browser: Client) -> None:
    """Half a file is no file."""
    before = uploads()
    half = (
        b'--x\r\nContent-Disposition: form-data; name="chosen"; filename="a.csv"\r\n'
        b"Content-Type: text/csv\r\n\r\n" + csv_of(*ROWS)
    )
    browser.post(UPLOAD, half, content_type="multipart/form-data; boundary=x")
    assert (uploads(), Import.objects.count()) == (before, 0)


def test_an_upload_without_its_token_is_refused_and_not_kept(browser: Client) -> None:
    """The token is looked for although the handler comes first."""
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    before = uploads()
    file = SimpleUploadedFile("a.csv", csv_of(*ROWS))
    answer = strict.post(UPLOAD, {"programme": "county", "place_code": OWN, "chosen": file})
    assert answer.status_code == 403
    assert (uploads(), Import.objects.count()) == (before, 0)


@pytest.mark.parametrize("name", ["a.exe", "a.pdf", "a", "../../a.csv.sh"])
def test_other_kinds_of_files_are_told(browser: Client, name: str) -> None:
    """Words at the field, nothing kept."""
    before = uploads()
    file = SimpleUploadedFile(name, b"content")
    answer = browser.post(UPLOAD, {"programme": "county", "place_code": OWN, "chosen": file})
    assert "不能导入" in answer.content.decode()
    assert uploads() == before


def test_a_hostile_workbook_fails_with_words_on_its_page(browser: Client) -> None:
    """What is no workbook says so."""
    run = send(browser, b"PK\x03\x04" + b"\x00" * 100, "a.xlsx")
    assert run is not None
    answer = browser.get(f"/registers/imports/{run.outer_id}/").content.decode()
    assert "这个文件不能读取" in answer
    assert str(run.findings[0]["zh"]) in answer


def test_a_stale_map_keeps_what_was_typed(browser: Client) -> None:
    """409, the typed words, the new version: nothing is lost."""
    run = send(browser, csv_of(*ROWS))
    assert run is not None
    page = f"/registers/imports/{run.outer_id}/mapping/"
    form = browser.get(page).context["form"]
    values = {name: field.initial for name, field in form.fields.items()} | {"version": run.version}
    values["feed-1"] = ""
    Import.objects.filter(pk=run.pk).update(version=run.version + 1)
    answer = browser.post(page, values)
    assert answer.status_code == 409
    assert answer.context["form"]["feed-1"].value() == ""
    assert answer.context["form"]["version"].value() == str(run.version + 1)


def test_words_that_name_no_column_are_told_at_the_field(browser: Client) -> None:
    """Unknown words, and one column fed twice."""
    run = send(browser, csv_of(*ROWS))
    assert run is not None
    page = f"/registers/imports/{run.outer_id}/mapping/"
    form = browser.get(page).context["form"]
    values = {name: field.initial for name, field in form.fields.items()} | {"version": run.version}
    answer = browser.post(page, values | {"feed-1": "没有这列", "feed-2": values["feed-0"]})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"feed-1", "feed-2"}


def test_the_loser_of_two_sees_who_was_first(browser: Client, signed_in: Callable[..., Client]) -> None:
    """The second commit says who decided and how it stands."""
    run = send(browser, csv_of(*ROWS))
    assert run is not None
    Import.objects.filter(pk=run.pk).update(state=State.IN_REVIEW)
    page = f"/registers/imports/{run.outer_id}/"
    browser.post(f"{page}commit/", {"version": run.version})
    other = signed_in(Function.ENTER)
    answer = other.post(f"{page}commit/", {"version": run.version}, follow=True).content.decode()
    assert "已先处理" in answer
    assert "生效中" in answer


def test_the_owner_gets_the_own_workbook_back_with_what_is_to_be_looked_into(browser: Client) -> None:
    """Written by the task, sent as a file of the owner's name."""
    run = send(browser, csv_of("1001,张三,河东镇,上村,很多,"))
    assert run is not None
    page = f"/registers/imports/{run.outer_id}/"
    assert browser.get(f"{page}returned/").status_code == 404
    browser.post(f"{page}return/")
    run_tasks()
    assert "returned/" in browser.get(page).content.decode()
    answer = browser.get(f"{page}returned/")
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert ".xlsx" in answer.headers["Content-Disposition"]


def test_a_page_of_rows_asks_little(
    browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """However many rows there are."""
    run = send(browser, csv_of(*(f"{n},张三,河东镇,上村,3," for n in range(200))))
    assert run is not None
    page = f"/registers/imports/{run.outer_id}/rows/?state=new"
    with django_assert_max_num_queries(20):
        answer = browser.get(page)
    assert len(answer.context["rows"]) == 50
    following = answer.context["following"]
    again = browser.get(f"{page}&after={following}")
    assert again.context["rows"][0][0].row == answer.context["rows"][-1][0].row + 1
