"""Pages of the administrator: whom he may administer, one-time passwords, roles, settings."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client
from tests.web.conftest import FOREIGN, OWN, PARENT, PASSWORD

from jiedui_web.accounts.access import reach_of
from jiedui_web.accounts.actions import System, assign_role, make_organisation
from jiedui_web.accounts.functions import Function, Level
from jiedui_web.accounts.models import Organisation, User
from jiedui_web.audit.models import Event
from jiedui_web.office.models import SiteSettings

ADDRESSES = ("password", "second-factor", "access")
CODE = re.compile(r"<code>([a-z0-9-]{19})</code>")
NEW = "a much longer own password 7"


@pytest.fixture
def abroad(db: None) -> Organisation:
    return make_organisation(by=System(), name="邻县农业农村局", place_code=FOREIGN)


def hand(client: Client, organisation: Organisation, username: str = "wang-fang") -> str:
    values = {"username": username, "name": "王芳", "organisation": organisation.outer_id}
    answer = client.post("/office/people/new/", values)
    found = CODE.search(answer.content.decode())
    assert found, answer.content.decode()
    return found[1]


def test_a_new_user_signs_in_once_and_must_choose_a_password(
    signed_in: Callable[..., Client], organisation: Organisation
) -> None:
    password = hand(signed_in(Function.ADMINISTER), organisation)
    user = User.objects.get(username="wang-fang")
    assert password not in str(list(Event.objects.values()))
    browser = Client()
    browser.post("/accounts/login/", {"login": "wang-fang", "password": password})
    assert browser.get("/today/").headers["Location"] == "/accounts/password/"
    assert browser.get("/api/v1/places").status_code in {302, 404}
    assert "一次性密码" in browser.get("/accounts/password/").content.decode()
    same = {"oldpassword": password, "password1": password, "password2": password}
    assert "不能与现用密码相同" in browser.post("/accounts/password/", same).content.decode()
    own = browser.post("/accounts/password/", {"oldpassword": password, "password1": NEW, "password2": NEW})
    assert own.headers["Location"] == "/today/"
    assert browser.get("/today/").status_code == 200
    user.refresh_from_db()
    assert not user.must_change_password
    actions = list(Event.objects.filter(actor=user.outer_id).order_by("id").values_list("action", flat=True))
    assert actions == ["user.sign_in", "user.password_change"]


def test_a_name_is_taken_in_whatever_case(
    signed_in: Callable[..., Client], organisation: Organisation
) -> None:
    client = signed_in(Function.ADMINISTER)
    hand(client, organisation)
    values = {"username": "Wang-Fang", "name": "王芳", "organisation": organisation.outer_id}
    assert CODE.search(client.post("/office/people/new/", values).content.decode()) is None
    assert User.objects.filter(username__iexact="wang-fang").count() == 1


def test_people_beyond_the_reach_do_not_exist(
    signed_in: Callable[..., Client], person: Callable[..., User], abroad: Organisation
) -> None:
    """Neither those of another county, nor a colleague with a wider role."""
    client = signed_in(Function.ADMINISTER)
    own, foreign, wider = (
        person(Function.SEE),
        person(Function.SEE, FOREIGN, unit=abroad),
        person(Function.SEE, PARENT),
    )
    listed = client.get("/office/people/").content.decode()
    assert own.outer_id in listed
    for one in (foreign, wider):
        assert one.outer_id not in listed
        assert client.get(f"/office/people/{one.outer_id}/").status_code == 404
        for address in ADDRESSES:
            assert client.post(f"/office/people/{one.outer_id}/{address}/").status_code == 404
        assert client.post(f"/office/roles/{one.roles.get().outer_id}/revoke/").status_code == 404
    assert not Event.objects.filter(action__in=["user.password_reset", "role.revoke"]).exists()


def test_a_role_of_the_organisation_beyond_the_reach_counts_too(
    signed_in: Callable[..., Client], person: Callable[..., User], organisation: Organisation
) -> None:
    colleague = person(Function.SEE)
    client = signed_in(Function.ADMINISTER)
    assert client.get(f"/office/people/{colleague.outer_id}/").status_code == 200
    assign_role(
        by=System(), function=Function.SEE, level=Level.PREFECTURE, prefix=PARENT, organisation=organisation
    )
    assert client.get(f"/office/people/{colleague.outer_id}/").status_code == 404


def test_nobody_changes_his_own_access(person: Callable[..., User]) -> None:
    user = person(Function.ADMINISTER)
    client = Client()
    client.force_login(user)
    for address in ADDRESSES:
        assert client.post(f"/office/people/{user.outer_id}/{address}/").status_code == 404
    values = {"function": "see", "level": "county", "place": OWN}
    client.post(f"/office/people/{user.outer_id}/", values)
    client.post(f"/office/roles/{user.roles.get().outer_id}/revoke/")
    assert [role.function for role in user.roles.filter(revoked_on=None)] == ["administer"]


def test_roles_are_given_within_reach_and_clashes_are_told(
    signed_in: Callable[..., Client], person: Callable[..., User]
) -> None:
    client, user = signed_in(Function.ADMINISTER), person(Function.ENTER)
    address = f"/office/people/{user.outer_id}/"
    for prefix in (FOREIGN, PARENT, ""):
        client.post(address, {"function": "see", "level": "county", "place": prefix})
    assert user.roles.count() == 1
    answer = client.post(address, {"function": "examine", "level": "county", "place": OWN}).content.decode()
    assert "填报" in answer
    assert "不能由同一人" in answer
    assert client.post(address, {"function": "see", "level": "county", "place": OWN}).status_code == 302
    role = user.roles.get(function="see")
    assert client.post(f"/office/roles/{role.outer_id}/revoke/").status_code == 302
    assert not user.roles.filter(function="see", revoked_on=None).exists()


def test_a_disabled_user_is_signed_out_and_a_reset_password_ends_his_session(
    signed_in: Callable[..., Client], person: Callable[..., User]
) -> None:
    client, user = signed_in(Function.ADMINISTER), person(Function.SEE)
    browser = Client()
    browser.login(username=user.username, password=PASSWORD)
    browser.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert browser.get("/today/").status_code == 200
    client.post(f"/office/people/{user.outer_id}/password/")
    assert "login" in browser.get("/today/").headers["Location"]
    again = Client()
    again.force_login(user)
    client.post(f"/office/people/{user.outer_id}/access/", {"active": "0"})
    assert "login" in again.get("/today/").headers["Location"]
    assert set(Event.objects.filter(thing=user.outer_id).values_list("action", flat=True)) >= {
        "user.password_reset", "user.disable",
    }  # fmt: skip


def settings_form(version: int, **values: object) -> dict[str, object]:
    return {
        "version": version,
        "organisation": "示例省农业农村厅",
        "icp_number": "京ICP备00000000号",
    } | values


def test_settings_stand_at_the_foot_of_every_page(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Function.ADMINISTER, "")
    assert client.post("/office/settings/", settings_form(0)).status_code == 302
    page = Client().get("/accounts/login/").content.decode()
    assert "示例省农业农村厅" in page
    assert "京ICP备00000000号" in page


def test_of_two_who_change_settings_the_later_sees_what_the_first_did(
    signed_in: Callable[..., Client],
) -> None:
    first, second = signed_in(Function.ADMINISTER, ""), signed_in(Function.ADMINISTER, "")
    first.post("/office/settings/", settings_form(0, contact="甲"))
    answer = second.post("/office/settings/", settings_form(0, contact="乙"))
    assert answer.status_code == 409
    assert "甲" in answer.content.decode()
    assert 'value="乙"' in answer.content.decode()
    assert SiteSettings.objects.get().contact == "甲"
    second.post("/office/settings/", settings_form(1, contact="乙"))
    assert SiteSettings.objects.get().contact == "乙"


def test_only_whoever_administers_all_places_keeps_settings(signed_in: Callable[..., Client]) -> None:
    assert signed_in(Function.ADMINISTER).get("/office/settings/").status_code == 404


def test_whoever_needs_a_second_factor_is_led_to_set_it_up(signed_in: Callable[..., Client]) -> None:
    client, reader = signed_in(Function.ADMINISTER, ""), signed_in(Function.SEE)
    client.post("/office/settings/", settings_form(0, second_factor_for=["administer"]))
    assert client.get("/office/").headers["Location"] == "/accounts/2fa/totp/activate/"
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "双重认证" in client.get("/accounts/2fa/totp/activate/").content.decode()
    assert reader.get("/today/").status_code == 200


def test_the_first_administrator_has_a_one_time_password_and_a_second_factor(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("make_administrator", "admin", "管理员", organisation="示例省大数据中心")
    assert re.search(r"[a-z0-9-]{19}", capsys.readouterr().out)
    user = User.objects.get(username="admin")
    assert (user.must_change_password, user.roles.get().function) == (True, "administer")
    assert "administer" in SiteSettings.objects.get().second_factor_for


def test_a_role_given_twice_is_one_role_and_ends_at_once(
    person: Callable[..., User], signed_in: Callable[..., Client]
) -> None:
    """After a double click one revocation is enough."""
    clerk, browser = person(Function.HELP), signed_in(Function.ADMINISTER)
    for _ in range(2):
        browser.post(
            f"/office/people/{clerk.outer_id}/", {"function": "see", "level": "county", "place": OWN}
        )
    role = clerk.roles.get(function="see")
    browser.post(f"/office/roles/{role.outer_id}/revoke/")
    assert not reach_of(clerk).holds(Function.SEE)
    browser.post(f"/office/people/{clerk.outer_id}/", {"function": "see", "level": "county", "place": OWN})
    assert reach_of(clerk).holds(Function.SEE)
