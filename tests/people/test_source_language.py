"""The centre's own language is the one texts must be given in, whichever it is."""

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from courses.models import UnitVersion
from tests.factories.people import CentreFactory
from training.lib.texts import TextsFormField, source_language
from training.matters.files.values import NoValueError, checked
from training.matters.models import MatterMaterial
from training.people.models import Centre

pytestmark = pytest.mark.django_db


@pytest.fixture
def chinese(db: None) -> Any:
    return CentreFactory(source_language="zh-hans")


def given(en: str = "", zh: str = "") -> dict[str, str]:
    field: forms.Field = TextsFormField(required=True)
    return dict(field.clean([en, zh]))


def test_a_chinese_centre_need_write_no_english(chinese: Any) -> None:
    assert given(zh="窗口业务考试") == {"zh-hans": "窗口业务考试"}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Enter the text in Simplified Chinese, the source language."),
        ("zh-hans", "请填写简体中文文本（源语言）。"),
    ],
)
def test_a_chinese_centre_is_asked_for_chinese(chinese: Any, language: str, words: str) -> None:
    with translation.override(language):
        with pytest.raises(ValidationError) as refused:
            given(en="An exam")
        assert refused.value.messages == [words]


def test_an_english_centre_is_asked_for_english() -> None:
    CentreFactory()
    with pytest.raises(ValidationError, match="Enter the text in English, the source language"):
        given(zh="窗口业务考试")


def test_it_is_asked_for_once_and_not_before_the_centre_is_there(django_assert_num_queries: Any) -> None:
    Centre.objects.all().delete()
    assert source_language() == "en"
    CentreFactory(source_language="zh-hans")
    with django_assert_num_queries(1):
        assert [source_language(), source_language()] == ["zh-hans", "zh-hans"]


def test_a_file_of_matters_needs_the_centre_s_language_too(chinese: Any) -> None:
    name = MatterMaterial._meta.get_field("name")
    assert checked(name, {"zh-hans": "身份证"}) == {"zh-hans": "身份证"}
    with pytest.raises(NoValueError, match="the text in Simplified Chinese, the source language, is missing"):
        checked(name, {"en": "Identity card"})


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_lesson_written_in_chinese_alone_is_read_by_everybody(language: str) -> None:
    written = [{"id": "a", "title": "首问负责", "blocks": []}]
    unit = UnitVersion(sections={"zh-hans": written})
    assert unit.sections_in(language) == written
    assert unit.section_ids() == ["a"]
