"""The demo city: facts of Hangzhou as data, and a whole city told through actions."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from camphor.bodies.models import Area, Body, Venue
from camphor.consultations.models import Consultation
from camphor.demo import city, places
from camphor.demo.cast import LIN_CODE
from camphor.matters.models import Matter
from camphor.people.models import Person
from camphor.rules.bodies import PLATFORMS, VENUE_TYPES
from camphor.rules.matters import FORMS

from ..house import picture


def test_the_city_has_thirteen_districts_and_191_towns_and_streets() -> None:
    assert len(places.DISTRICTS) == len({district.code for district in places.DISTRICTS}) == 13
    assert sum(district.towns for district in places.DISTRICTS) == 191


def test_the_dictionaries_are_whole() -> None:
    assert len(places.SECTORS) == len(set(places.SECTORS)) == 34
    assert {spot.platform for spot in places.VENUES} == set(PLATFORMS)
    assert {spot.type for spot in places.VENUES} == set(VENUE_TYPES)


def test_what_is_invented_says_so() -> None:
    for spot in places.VENUES:
        area = next(place for place in places.PLACES if place.slug == spot.area)
        assert spot.invented or not spot.name.endswith(places.INVENTED)
        assert area.district in {district.slug for district in places.DISTRICTS}


@pytest.fixture
def built(db: None) -> None:
    city.build(at=timezone.now())


def test_the_whole_city_is_built(built: None) -> None:
    assert Area.objects.filter(tier="district").count() == 13
    assert Body.objects.filter(kind="sector", part_of__slug="hangzhou").count() == 34
    assert Venue.objects.get(slug="zhangshuxia").name == "樟树下议事"
    states = Counter(Consultation.objects.values_list("state", flat=True))
    assert states["running"] >= 3 and states["finished"] >= 2
    promises = Matter.objects.filter(kind="promise")
    on = timezone.localdate()
    assert promises.filter(state="kept").exists() and promises.overdue(on).exists()
    assert promises.filter(state="given", due_on__gte=on).exists()
    assert Matter.objects.filter(kind="concern", state="submitted").count() >= 3
    assert Client().get(reverse("mine", args=[LIN_CODE])).status_code == 200
    assert Client().get(reverse("front")).status_code == 200


def test_a_member_can_propose_in_each_form_and_submit_it_while_the_plenary_sits(built: None) -> None:
    client = Client()
    client.force_login(Person.objects.get(username="yun"))
    begin = reverse("desk_begin", args=["proposals"])
    form = client.get(begin).context["form"]
    offered = {body.kind: body for body in form.fields["sponsor"].queryset}
    assert offered["party"].invented and offered["party"].name.endswith(places.INVENTED)
    for row in FORMS.values():
        sponsors = [offered[kind] for kind in row.sponsors]
        given = {"form": row.name, "title": row.label, "text": "情况", "items": "建议", "category": "city"}
        given |= {"sponsor": sponsors[0].pk if sponsors else "", "ticket": row.name}
        assert client.post(begin, given).status_code == 302
        proposal = Matter.objects.get(ticket=row.name)
        if row.sealed:
            sheet = SimpleUploadedFile("签名页.png", picture(), "image/png")
            seal = reverse("desk_move", args=["proposals", proposal.pk, "seal"])
            assert client.post(seal, {"scan": sheet}).status_code == 302
        lacking = proposal.lacking(proposal.flow.moves["submit"].needs, {"on": timezone.localdate()})
        assert lacking == (("co_signed",) if row.joint else ())


def test_a_proposal_of_a_sector_of_this_plenary_waits_for_its_review(built: None) -> None:
    proposal = Matter.objects.get(form="sector")
    assert (proposal.state, proposal.occasion, str(proposal.term)) == ("submitted", "plenary", "12-3")
    earlier = Matter.objects.filter(kind="proposal", state__in=("assigned", "answered"))
    assert {(str(one.term), one.occasion) for one in earlier} == {("12-2", "interim")}


def test_a_city_is_not_built_into_another(built: None) -> None:
    with pytest.raises(CommandError, match="already"):
        call_command("demo")
