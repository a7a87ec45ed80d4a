"""The nine steps from a resident's sentence to a verified deed, clicked through in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from camphor.activities.models import Activity
from camphor.consultations.models import Consultation
from camphor.conversations import actions as conversations
from camphor.conversations.models import Conversation, Statement
from camphor.matters.models import Assignment, Matter
from camphor.people.actor import Actor, digest
from camphor.people.models import Person

from ..conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)

SEEDS = (
    "费用按楼层分摊，一楼不出钱。",
    "一楼应当得到补偿。",
    "先看样板楼再决定。",
    "三分之二同意就动工。",
    "收支应当公示。",
)
TITLE = "老楼七层没有电梯，一楼邻居不同意"


class Story:
    """The people of the story at one browser: who sits at it changes, what they do stays."""

    def __init__(
        self,
        page: Page,
        cast: Cast,
        sign_in: Callable[[Page, Person], None],
        shoot: Callable[[Page, str], Path],
    ) -> None:
        self.page, self.cast, self._sign_in, self.shoot = page, cast, sign_in, shoot

    def sits(self, actor: Actor | None) -> None:
        """Somebody else sits down; nobody stands for a resident without an account."""
        self.page.context.clear_cookies(name="sessionid")
        if actor and actor.person:
            self._sign_in(self.page, actor.person)

    def opens(self, name: str, *args: object) -> None:
        self.page.goto(reverse(name, args=args))

    def sends(self, **fields: str) -> None:
        """Fill in the form of the page and send it."""
        for name, value in fields.items():
            field = self.page.locator(f"main form.form [name={name}]").first
            if field.get_attribute("type") in ("radio", "checkbox"):
                self.page.locator(f"main form.form [name={name}][value='{value}']").check(force=True)
            elif field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        self.page.locator("main form.form .form__actions button").first.click()

    def moves(self, noun: str, pk: int, move: str, **fields: str) -> None:
        """Make a move at the desk, and see that it was made."""
        self.opens("desk_move", noun, pk, move)
        self.sends(**fields)
        expect(self.page.locator(".notice--success").first).to_be_visible()


@pytest.fixture(params=["zh-hans", "en"])
def story(
    request: pytest.FixtureRequest,
    page: Page,
    cast: Cast,
    sign_in: Callable[[Page, Person], None],
    shoot: Callable[[Page, str], Path],
    live_server: object,
) -> Story:
    language = str(request.param)
    url = live_server.url  # type: ignore[attr-defined]
    page.context.add_cookies([{"name": "django_language", "value": language, "url": url}])

    def named(tab: Page, name: str) -> Path:
        return shoot(tab, f"{name}-{language}")

    return Story(page, cast, sign_in, named)


def test_the_line_from_a_sentence_to_a_deed(
    story: Story, faults: list[str], accessible: Callable[[Page], None]
) -> None:
    code = lin_raises_a_concern(story, faults, accessible)
    plan = mei_opens_a_consultation(story)
    residents_vote(story, plan, accessible)
    the_session_is_held(story, plan)
    mei_hands_over_a_recommendation(story, plan)
    bo_answers_and_promises(story)
    lin_is_not_satisfied_and_asks_again(story, code)
    bo_answers_again_and_lin_rates(story, code)
    the_promise_is_kept(story, code, plan, accessible)


def lin_raises_a_concern(story: Story, faults: list[str], accessible: Callable[[Page], None]) -> str:
    page, venue = story.page, story.cast.venue
    story.opens("poster", venue.slug)
    story.shoot(page, "1-poster")
    story.opens("raise_at", venue.slug)
    accessible(page)
    story.sends(title="", text="我们三幢没有电梯")
    expect(page.locator(".errors")).to_be_visible()
    expect(page.locator("[name=text]")).to_have_value("我们三幢没有电梯")
    faults.clear()  # the browser notes the status of a refused form
    story.sends(title=TITLE, text="我妈妈八十二岁，一个月没有下过楼。")
    expect(page.locator("#code")).to_be_visible()
    accessible(page)
    story.shoot(page, "1-receipt")
    code = re.sub(r"[^0-9A-Z]", "", page.locator("#code").inner_text())
    assert len(code) == 12
    return code


def mei_opens_a_consultation(story: Story) -> Consultation:
    from ..conftest import AT
    from ..story import Story as Told

    page, mei = story.page, story.cast.mei
    twin = Told(story.cast, at=AT).concern("wen")
    story.sits(mei)
    story.opens("desk")
    expect(page.get_by_role("link", name=TITLE).first).to_be_visible()
    story.shoot(page, "2-desk")
    concern = Matter.objects.get(title=TITLE)
    story.moves("concerns", concern.pk, "accept")
    story.moves("concerns", twin.pk, "merge", twin=str(concern.pk))
    page.goto(reverse("desk_new") + f"?concern={concern.pk}")
    story.shoot(page, "2-draft")
    story.sends(text="装不装、装在哪、钱怎么分摊。", method="seven_step")
    expect(page.locator(".notice--success").first).to_be_visible()
    plan = Consultation.objects.get()
    last = plan.stages.latest("place")
    later = (last.opens_on + timedelta(days=3)).isoformat()
    story.moves("consultations", plan.pk, "shift", **{f"stage_{last.place}": later})
    story.moves("consultations", plan.pk, "begin")
    return plan


def residents_vote(story: Story, plan: Consultation, accessible: Callable[[Page], None]) -> None:
    page = story.page
    story.moves("consultations", plan.pk, "converse", title="电梯怎么装？", seeds="\n".join(SEEDS))
    talk = Conversation.objects.get()
    story.sits(None)
    story.opens("talk", talk.pk)
    accessible(page)
    story.shoot(page, "3-ballot")
    for number in range(len(SEEDS)):
        name = ("agree", "disagree", "pass")[number % 3]
        before = page.locator(".ballot [name=key]").get_attribute("value")
        page.locator(f".ballot .button--{name}").click()
        expect(page.locator(f".ballot [name=key][value='{before}']")).to_have_count(0)
    expect(page.locator("#card .notice--success")).to_be_visible()
    story.sends(text="电梯井道的位置请画出来给大家看。")
    expect(page.locator(".notice--success").first).to_be_visible()
    story.sits(story.cast.mei)
    said = Statement.objects.get(seed=False)
    story.moves("statements", said.pk, "reject", statement_reason="several_ideas")
    story.sits(None)
    story.opens("talk", talk.pk)
    expect(page.locator(".status--refused")).to_be_visible()
    _crowd(talk)
    story.opens("talk_map", talk.pk)
    expect(page.locator(".map__plot")).to_be_visible()
    accessible(page)
    story.shoot(page, "3-map")


def _crowd(talk: Conversation) -> None:
    """Two camps who differ on the second and fourth statement and share the others."""
    at = timezone.now()
    for one in range(24):
        participant = conversations.join(talk, digest(f"crowd {one}"), at=at)
        for place, statement in enumerate(talk.statements.shown()):
            value = -1 if place in (1, 3) and (one + place // 3) % 2 else 1
            conversations.vote(
                talk, participant=participant, statement=statement, value=value, key=str(place), at=at
            )


def the_session_is_held(story: Story, plan: Consultation) -> None:
    page, mei = story.page, story.cast.mei
    story.sits(mei)
    starts = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    story.moves("consultations", plan.pk, "meet", title="电梯协商会", starts_at=starts)
    meeting = Activity.objects.get()
    story.moves(
        "sessions",
        meeting.pk,
        "invite",
        guests_resident="王阿姨",
        guests_stakeholder="周师傅",
        short_notice="居民要求当天开会",
    )
    story.opens("door_poster", meeting.pk)
    story.shoot(page, "4-door")
    story.sits(None)
    story.opens("door", meeting.door_code)
    story.sends(name="林晓樟", part="resident")
    expect(page.locator(".notice--success").first).to_be_visible()
    story.sits(mei)
    invited = meeting.attendances.get(name="王阿姨")
    story.moves("sessions", meeting.pk, "attend", came=str(invited.pk))
    for kind, text in (
        ("answer", "可以先看样板楼"),
        ("consensus", "先看样板，再定方案"),
        ("dissent", "补偿没有谈拢"),
    ):
        story.moves("sessions", meeting.pk, "note", point_kind=kind, text=text)
    story.moves("sessions", meeting.pk, "minute")
    story.moves("sessions", meeting.pk, "agree_on_paper", confirmed=str(invited.pk))
    story.sits(None)
    story.opens("door", meeting.door_code)
    story.sends()
    story.sits(mei)
    story.moves("sessions", meeting.pk, "close")
    story.opens("activity", meeting.pk)
    expect(page.get_by_text("补偿没有谈拢")).to_be_visible()
    story.shoot(page, "4-session")


def mei_hands_over_a_recommendation(story: Story, plan: Consultation) -> None:
    page, cast = story.page, story.cast
    items = "组织参观样板楼\n印发费用分摊参考办法"
    story.moves("consultations", plan.pk, "recommend", title="关于加装电梯的协商建议", items=items)
    matter = Matter.objects.get(kind="recommendation")
    story.moves("recommendations", matter.pk, "issue")
    story.moves(
        "recommendations", matter.pk, "assign", lead=str(cast.housing.pk), assisting=str(cast.power.pk)
    )
    story.opens("desk_thing", "recommendations", matter.pk)
    story.shoot(page, "5-recommendation")
    with page.expect_download() as letter:
        page.locator(f"a[href='{reverse('letter', args=[matter.pk])}']").click()
    assert letter.value.suggested_filename.endswith(".docx")


def bo_answers_and_promises(story: Story) -> None:
    page, cast = story.page, story.cast
    lead, assisting = (Assignment.objects.get(part=part) for part in ("lead", "assisting"))
    story.sits(cast.rui)
    story.moves("assignments", assisting.pk, "opine", text="管线可以迁移")
    story.sits(cast.bo)
    story.opens("desk")
    story.shoot(page, "6-desk-of-bo")
    _answer(story, lead)


def _answer(story: Story, lead: Assignment) -> None:
    first, second = lead.matter.items.all()
    soon = (timezone.localdate() + timedelta(days=30)).isoformat()
    fields = {
        f"text_{first.pk}": "已组织两批业主参观。",
        f"grade_{first.pk}": "A",
        f"text_{second.pk}": "列入本年计划。",
        f"grade_{second.pk}": "B",
        f"promise_{second.pk}": "印发费用分摊参考办法",
        f"promised_on_{second.pk}": soon,
    }
    story.moves("assignments", lead.pk, "reply", **fields)


def lin_is_not_satisfied_and_asks_again(story: Story, code: str) -> None:
    page = story.page
    story.sits(None)
    story.opens("mine", code)
    expect(page.get_by_text("列入本年计划。").first).to_be_visible()
    story.shoot(page, "7-mine")
    story.sends(score="dissatisfied", remark="没有说几时动工")
    page.wait_for_load_state()
    assert Matter.objects.get(title=TITLE).state == "taken_up"


def bo_answers_again_and_lin_rates(story: Story, code: str) -> None:
    story.sits(story.cast.bo)
    lead = Assignment.objects.get(part="lead")
    assert lead.state == "given"
    _answer(story, lead)
    story.sits(None)
    story.opens("mine", code)
    story.sends(score="satisfied", remark="")
    story.page.wait_for_load_state()
    assert Matter.objects.get(title=TITLE).state == "rated"


def the_promise_is_kept(
    story: Story, code: str, plan: Consultation, accessible: Callable[[Page], None]
) -> None:
    page, cast = story.page, story.cast
    for promise in Matter.objects.filter(kind="promise"):
        story.sits(cast.bo)
        story.moves("promises", promise.pk, "show", text="办法已印发并在公示栏张贴")
        story.sits(cast.mei)
        story.moves("promises", promise.pk, "confirm", text="现场看过，属实")
        story.sits(None)
        story.opens("promise", promise.pk)
        accessible(page)
    story.opens("consultation", plan.pk)
    expect(page.locator(".line__node--deed")).to_have_count(1)  # said in both rounds, it is one promise
    accessible(page)
    story.shoot(page, "8-consultation")
    story.opens("mine", code)
    expect(page.locator(".line__node--deed").first).to_be_visible()
    story.shoot(page, "8-mine-kept")
    story.opens("front")
    accessible(page)
    story.shoot(page, "9-front")
