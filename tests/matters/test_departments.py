"""A department is found under its area, and the nearest stand first."""

from __future__ import annotations

import pytest

from camphor.bodies.models import Area, Body
from camphor.matters.departments import nearest_first
from camphor.matters.fields.handing import answering_bodies
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def test_every_department_stands_once(cast: Cast) -> None:
    bodies = list(answering_bodies())
    shown = [pk for _name, some in nearest_first(bodies, cast.housing) for pk, _label in some]
    assert sorted(shown) == sorted(body.pk for body in bodies) and cast.power.pk in shown


def test_a_department_of_the_own_district_stands_before_one_of_another(cast: Cast) -> None:
    since = cast.housing.since
    near, far = (
        Area.objects.create(name=name, tier="district", slug=slug, since=since)
        for name, slug in (("近区", "near"), ("远区", "far"))
    )
    bodies = [
        Body(pk=90 + k, name=area.name, slug=area.slug, kind="department", area=area, path="", since=since)
        for k, area in enumerate((far, near))
    ]
    assert [name for name, _some in nearest_first(bodies, bodies[1])] == ["近区", "远区"]
