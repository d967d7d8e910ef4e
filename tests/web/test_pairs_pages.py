"""Pages of pairs: what each function sees and does, in both languages; what is out of reach is 404."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.pairs_cast import load_example, proposal_of, solved

from jiedui_web.accounts.actions import System, make_organisation
from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import User
from jiedui_web.audit.models import Event
from jiedui_web.bridge.pairing_answers import forget
from jiedui_web.pairs.actions import approve_choice, ask_solving, choose_proposal, rule_pair
from jiedui_web.pairs.models import Choice, HumanDecision, Pairing, Proposal, Solving
from jiedui_web.places.models import Programme
from jiedui_web.registers.models import Record

GANSU, COUNTY = "62", "621102"
FIRST = date(2027, 1, 1)
NOBODYS = "AAAAAAAAAAAAAAAA"


@pytest.fixture
def counties(db: None) -> Programme:
    """Sixteen counties of Gansu and twelve units that help them."""
    return load_example("fixed_point", place_code=GANSU)


@pytest.fixture
def share(counties: Programme, person: Callable[..., User]) -> Proposal:
    """A proposal."""
    return proposal_of(solved(counties, person(Function.EXAMINE, GANSU)), "share")


@pytest.fixture
def choice(share: Proposal, person: Callable[..., User]) -> Choice:
    """A decision that waits."""
    return choose_proposal(
        by=person(Function.DECIDE, GANSU), proposal=share, why="负担最均衡", valid_from=FIRST
    )


@pytest.fixture
def approver(person: Callable[..., User]) -> User:
    """Who approves, of another unit."""
    unit = make_organisation(by=System(), name="示例省委组织部", place_code=GANSU)
    return person(Function.APPROVE, GANSU, unit=unit)


def browser_of(user: User, lang: str = "zh") -> Client:
    """Give a browser in a language."""
    client = Client()
    client.force_login(user)
    client.cookies["jiedui_language"] = lang
    return client


def addresses(share: Proposal) -> list[str]:
    """Every page below the first."""
    pair = share.pairs.order_by("pk").first()
    assert pair
    return [
        "/pairs/programmes/fixed_point/",
        f"/pairs/solvings/{share.solving.outer_id}/",
        f"/pairs/proposals/{share.outer_id}/",
        f"/pairs/proposals/{share.outer_id}/map.svg",
        f"/pairs/proposed/{pair.outer_id}/",
        f"/pairs/proposed/{pair.outer_id}/?helper=U03",
        *(f"/pairs/choices/{one.outer_id}/" for one in Choice.objects.all()),
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_opens_in_both_languages(choice: Choice, approver: User, lang: str) -> None:
    """Each page says its thing, and no key is shown in place of a text."""
    browser = browser_of(approver, lang)
    for address in addresses(choice.proposal):
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert b"pairs." not in answer.content.replace(b"pairs.css", b""), address
        assert "�" not in answer.content.decode()
    assert browser.get("/pairs/").headers["Location"] == "/pairs/programmes/fixed_point/"


def test_out_of_reach_is_as_if_it_were_not(
    choice: Choice, person: Callable[..., User], signed_in: Callable[..., Client]
) -> None:
    """A neighbouring province, a county within, an administrator: the same 404 as for a made-up address."""
    asked = addresses(choice.proposal)
    others = [
        signed_in(Function.DECIDE, "63"),
        signed_in(Function.ADMINISTER, ""),
        signed_in(Function.AUDIT, ""),
    ]
    for address in asked:
        for browser in others:
            assert browser.get(address).status_code == 404, address
    county = signed_in(Function.SEE, COUNTY)
    assert county.get(asked[0]).status_code == 200
    for address in asked[1:]:
        assert county.get(address).status_code == 404, address
        made_up = address.replace(address.split("/")[3], NOBODYS)
        assert county.get(made_up).status_code == 404, made_up


def test_a_county_sees_its_own_pairings_only(
    choice: Choice, approver: User, signed_in: Callable[..., Client]
) -> None:
    """The list of a county holds its pair and no other, and nothing of proposals."""
    approve_choice(choice, by=approver, version=1)
    page = signed_in(Function.SEE, COUNTY).get("/pairs/programmes/fixed_point/").content.decode()
    assert "安定区" in page
    assert "通渭县" not in page
    assert "示例单位12" in page
    assert "示例单位01" not in page
    assert "方案对照" not in page


def test_asking_cancelling_ruling_and_withdrawing_are_for_those_who_decide_or_examine(
    share: Proposal, signed_in: Callable[..., Client]
) -> None:
    """Others get the answer of an address that is not there, and GET does nothing."""
    pair = share.pairs.get(recipient=COUNTY)
    posts = ["/pairs/programmes/fixed_point/solve/", f"/pairs/proposed/{pair.outer_id}/rule/"]
    see, examine = signed_in(Function.SEE, GANSU), signed_in(Function.EXAMINE, GANSU)
    for address in posts:
        assert see.post(address).status_code == 404
        assert examine.get(address).status_code == 405
    asked = examine.post(posts[0])
    running = Solving.objects.get(state=Solving.State.QUEUED)
    assert asked.headers["Location"] == f"/pairs/solvings/{running.outer_id}/"
    assert "排队中" in examine.get(asked.headers["Location"]).content.decode()
    assert examine.post(posts[0], follow=True).redirect_chain[-1][0] == "/pairs/programmes/fixed_point/"
    assert see.post(f"/pairs/solvings/{running.outer_id}/cancel/").status_code == 404
    examine.post(f"/pairs/solvings/{running.outer_id}/cancel/")
    running.refresh_from_db()
    assert running.state == Solving.State.CANCELLED


def test_the_page_of_a_solving_tells_that_its_worker_is_gone(
    counties: Programme, person: Callable[..., User]
) -> None:
    """And offers to ask again."""
    user = person(Function.EXAMINE, GANSU)
    made = ask_solving(by=user, programme=counties)
    Solving.objects.update(state=Solving.State.RUNNING, seen_at=timezone.now() - timedelta(minutes=5))
    page = browser_of(user).get(f"/pairs/solvings/{made.outer_id}/").content.decode()
    assert "后台处理中断" in page
    assert "重新计算方案" in page


def test_a_pair_is_ruled_on_with_a_reason_and_the_ruling_withdrawn(
    share: Proposal, signed_in: Callable[..., Client]
) -> None:
    """Without a reason the form comes back with what was chosen; a second ruling is told of the first."""
    pair = share.pairs.get(recipient=COUNTY)
    examine = signed_in(Function.EXAMINE, GANSU)
    address = f"/pairs/proposed/{pair.outer_id}/rule/"
    bare = examine.post(address, {"kind": "forbidden", "why": ""})
    assert bare.status_code == 422
    assert "请填写理由" in bare.content.decode()
    assert examine.post(address, {"kind": "locked", "why": "现有"}).status_code == 422
    assert examine.post(address, {"kind": "forbidden", "why": "路途太远"}).status_code == 302
    again = examine.post(address, {"kind": "forced", "why": "双击"})
    assert again.status_code == 422
    assert "路途太远" in again.content.decode()
    ruling = HumanDecision.objects.get()
    examine.post(f"/pairs/rulings/{ruling.outer_id}/withdraw/")
    ruling.refresh_from_db()
    assert ruling.withdrawn_at


def test_why_not_is_answered_by_the_core(share: Proposal, signed_in: Callable[..., Client]) -> None:
    """The answer names who would have to give way; a proposal nobody optimised has none."""
    browser = signed_in(Function.SEE, GANSU)
    pair = share.pairs.get(recipient=COUNTY)
    page = browser.get(f"/pairs/proposed/{pair.outer_id}/?helper=U03").content.decode()
    assert "如果改由示例单位03帮扶安定区" in page
    assert "全体得分之和" in page
    present = share.solving.proposals.get(key="present").pairs.get(recipient=COUNTY)
    page = browser.get(f"/pairs/proposed/{present.outer_id}/?helper=U01").content.decode()
    assert "未经优化" in page
    page = browser.get(f"/pairs/proposed/{pair.outer_id}/?helper=XX").content.decode()
    assert "如果改由" not in page


def test_why_not_is_refused_when_the_records_are_others(
    share: Proposal, signed_in: Callable[..., Client]
) -> None:
    """Nothing is answered from other data than the proposal's."""
    forget()
    row = Record.objects.get(register="helpers", key="U05")
    row.body["capacity"] = 5
    row.save()
    pair = share.pairs.get(recipient=COUNTY)
    page = signed_in(Function.SEE, GANSU).get(f"/pairs/proposed/{pair.outer_id}/?helper=U03")
    assert "有改动" in page.content.decode()


def test_the_comparison_marks_the_best_and_says_what_fairness_costs(
    share: Proposal, signed_in: Callable[..., Client]
) -> None:
    """The worst load of the fairest proposal is marked; the sentence names both proposals."""
    page = signed_in(Function.SEE, GANSU).get(f"/pairs/solvings/{share.solving.outer_id}/").content.decode()
    assert 'class="number best" data-label="超出份额">0<' in page
    assert "的超出份额由 1个县降为 0个县，平均距离增加 2 公里" in page
    assert "style=" not in page
    assert "<style" not in page


def test_lists_are_filtered_by_helper_and_place(share: Proposal, signed_in: Callable[..., Client]) -> None:
    """Filters stand in the address."""
    browser = signed_in(Function.SEE, GANSU)
    helper = share.pairs.get(recipient=COUNTY).helper
    page = browser.get(f"/pairs/proposals/{share.outer_id}/?helper={helper}&place=621102").content.decode()
    rows = page.split('id="list"')[1].split("</table>")[0]
    assert "安定区" in rows
    assert "通渭县" not in rows
    assert browser.get(f"/pairs/proposals/{share.outer_id}/?place=%27--").status_code == 200


def test_the_journey_of_a_decision(share: Proposal, approver: User, signed_in: Callable[..., Client]) -> None:
    """Decide, be told off for approving oneself, approve from another unit, publish, be too late."""
    decide, approve = signed_in(Function.DECIDE, GANSU), browser_of(approver)
    form = f"/pairs/proposals/{share.outer_id}/choose/"
    assert decide.post(form, {"why": "", "valid_from": "x"}).status_code == 422
    made = decide.post(form, {"why": "负担最均衡", "valid_from": "2027-01-01"})
    twice = decide.post(form, {"why": "负担最均衡", "valid_from": "2027-01-01"})
    assert (made.status_code, twice.status_code, Choice.objects.count()) == (302, 422, 1)
    at = made.headers["Location"]
    assert approve.post(form, {"why": "x", "valid_from": "2027-01-01"}).status_code == 404
    assert decide.post(f"{at}approve/", {"version": 1}).status_code == 404
    same_unit = signed_in(Function.APPROVE, GANSU)
    assert "另一单位" in same_unit.get(at).content.decode()
    barred = same_unit.post(f"{at}approve/", {"version": 1})
    assert (barred.status_code, Pairing.objects.count()) == (422, 0)
    assert approve.post(f"{at}approve/", {"version": 1}).status_code == 302
    late = approve.post(f"{at}refuse/", {"version": 1, "why": "想想再说"})
    assert late.status_code == 409
    assert "他人已先办理" in late.content.decode()
    assert decide.post(f"{at}publish/").status_code == 302
    assert Client().get("/public/pairs/fixed_point/").status_code in {200, 404}
    assert Choice.objects.get().published_at


def test_a_refusal_needs_a_reason_and_a_decision_can_be_taken_back(
    choice: Choice, approver: User, share: Proposal
) -> None:
    """Both are told on the page."""
    at = f"/pairs/choices/{choice.outer_id}/"
    approve = browser_of(approver)
    bare = approve.post(f"{at}refuse/", {"version": 1, "why": ""})
    assert bare.status_code == 422
    decider = User.objects.get(outer_id=choice.decided_by)
    assert browser_of(decider).post(f"{at}withdraw/", {"version": 1, "why": "日期有误"}).status_code == 302
    assert "日期有误" in approve.get(at).content.decode()


def test_lists_go_on_page_by_page_in_a_fixed_number_of_queries(
    choice: Choice,
    approver: User,
    django_assert_max_num_queries: Callable[..., AbstractContextManager[object]],
) -> None:
    """Keyset pages: the next begins after the last row, by its outer id."""
    approve_choice(choice, by=approver, version=1)
    first = Pairing.objects.order_by("pk").first()
    assert first
    Pairing.objects.bulk_create(
        Pairing(
            programme="fixed_point",
            helper="U01",
            recipient=f"R{number}",
            helper_name={"zh": "甲"},
            recipient_name={"zh": f"受援{number}"},
            place_code=COUNTY,
            choice=choice,
            valid_from=FIRST,
        )
        for number in range(90)
    )
    browser = browser_of(approver)
    with django_assert_max_num_queries(25):
        page = browser.get("/pairs/programmes/fixed_point/").content.decode()
    after = page.split("after=")[1].split("#")[0]
    more = browser.get(f"/pairs/programmes/fixed_point/?after={after}").content.decode()
    assert "受援33<" in page
    assert "受援34<" in more
    assert "受援33<" not in more


def test_reads_of_programmes_of_persons_are_events(person: Callable[..., User]) -> None:
    """Where helpers are people every list shown is in the trail; where they are units it is not."""
    made = load_example("fixed_point", place_code=GANSU)
    browser = browser_of(person(Function.SEE, GANSU))
    browser.get("/pairs/programmes/fixed_point/")
    assert not Event.objects.filter(action="record.list").exists()
    Programme.objects.filter(pk=made.pk).update(scheme="first_secretary_people")
    browser.get("/pairs/programmes/fixed_point/?place=621102")
    event = Event.objects.get(action="record.list")
    assert event.detail == {"count": 0, "filter": {"place": "621102"}}


def test_rulings_are_listed_with_their_reason(share: Proposal, person: Callable[..., User]) -> None:
    """On the page of the programme."""
    user = person(Function.EXAMINE, GANSU)
    rule_pair(
        by=user,
        programme=Programme.objects.get(),
        kind="forced",
        helper="U03",
        recipient=COUNTY,
        why="对口医院已在",
    )
    assert "对口医院已在" in browser_of(user).get("/pairs/programmes/fixed_point/").content.decode()
