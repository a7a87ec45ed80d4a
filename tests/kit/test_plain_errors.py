"""What is wrong with a field is said in the words of this house, in both languages."""

from __future__ import annotations

import pytest
from django import forms
from django.utils import translation

from camphor.bodies.models import Body
from camphor.kit.plain_text import PlainLineField


class Everything(forms.Form):
    """A field of every sort that is needed somewhere."""

    line = PlainLineField(max_length=3)
    chars = forms.CharField(max_length=3)
    one = forms.ChoiceField(choices=[("a", "A")])
    some = forms.MultipleChoiceField(choices=[("a", "A")])
    body = forms.ModelChoiceField(Body.objects.none())
    bodies = forms.ModelMultipleChoiceField(Body.objects.none())
    day = forms.DateField()
    number = forms.IntegerField(min_value=1, max_value=3)
    file = forms.FileField()


WRONG: dict[str, object] = {
    "line": "四个汉字",
    "chars": "四个汉字",
    "one": "b",
    "some": ["b"],
    "body": "7",
    "bodies": ["7"],
    "day": "后天",
    "number": "9",
}
FRAMEWORK = ("字段", "必填项", "变量", "有效的", "required", "valid choice", "Ensure", "Enter a")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("data", [{}, WRONG], ids=["empty", "wrong"])
@pytest.mark.django_db
def test_no_field_speaks_as_the_framework_does(language: str, data: dict[str, object]) -> None:
    with translation.override(language):
        errors = Everything(data, files=None).errors
    assert set(errors) == set(Everything.base_fields)
    said = " ".join(str(line) for lines in errors.values() for line in lines)
    assert not [word for word in FRAMEWORK if word in said], said


def test_a_browser_is_not_told_to_cut_off_what_is_pasted() -> None:
    field = str(Everything()["line"])
    assert "maxlength" not in field and 'data-most="3"' in field
