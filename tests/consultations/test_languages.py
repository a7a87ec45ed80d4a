"""What stages and methods are called, for readers of either language."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse
from django.utils import translation

from camphor.consultations.models import Consultation

from ..conftest import Cast
from ..story import Story


def test_a_plan_drafted_in_english_is_chinese_to_its_residents(cast: Cast) -> None:
    with translation.override("en"):
        plan, _concern, _twin = Story(cast).consultation("five_step")
    assert plan.method_label == "五步工作法"
    assert [stage.label for stage in plan.stages.all()][:2] == ["收集", "梳理定题"]


def test_each_reader_sees_the_stages_in_his_own_language(cast: Cast) -> None:
    plan, _concern, _twin = Story(cast).consultation("five_step")
    client = Client()
    address = reverse("consultation", args=[plan.pk])
    assert "梳理定题" in client.get(address).content.decode()
    client.cookies["django_language"] = "en"
    page = client.get(address).content.decode()
    assert "Sort and settle the topic" in page
    assert "梳理定题" not in page


def test_what_the_rules_have_renamed_since_keeps_the_name_it_began_with(cast: Cast) -> None:
    plan, _concern, _twin = Story(cast).consultation("five_step")
    Consultation.objects.filter(pk=plan.pk).update(method_label="老五步")
    plan.stages.filter(place=1).update(label="听民声")
    plan.refresh_from_db()
    with translation.override("en"):
        assert plan.method_told == "老五步"
        assert [stage.told for stage in plan.stages.all()][:2] == ["听民声", "Sort and settle the topic"]


def test_a_stage_ends_the_day_before_the_next_begins(cast: Cast) -> None:
    plan, _concern, _twin = Story(cast).consultation()
    first, second = plan.stages.all()[:2]
    assert (second.opens_on - first.last_on).days == 1
    page = Client().get(reverse("consultation", args=[plan.pk])).content.decode()
    assert f"至 {first.last_on:%m-%d}" in page
