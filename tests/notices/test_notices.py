"""Notices: what they say in both languages, and whom they reach."""

from string import Formatter

import pytest
from django.utils import translation

from tests.factories.people import CentreFactory, UserFactory
from tests.notices.telling import AT, FACTS, told
from training.notices.models import Notice
from training.notices.services import UnknownNoticeError, notify
from training.notices.texts import TEXTS, THEMES
from training.people.models import User


@pytest.fixture
def person(db: None) -> User:
    CentreFactory()
    return UserFactory()


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_sentence_is_complete(person: User, kind: str, language: str) -> None:
    notice = told(person, kind)
    notice.refresh_from_db()
    with translation.override(language):
        sentence = notice.sentence
        places = {name for _text, name, _format, _conversion in Formatter().parse(str(TEXTS[kind].sentence)) if name}
    assert places == FACTS[kind].keys()
    assert "{" not in sentence
    assert "2026-" not in sentence


def test_facts_are_said_in_the_reader_s_language(person: User) -> None:
    notice = told(person)
    with translation.override("en"):
        assert notice.sentence == "The course “One-time notice” was assigned to you, due Tue 1 Dec."
    with translation.override("zh-hans"):
        assert "一次性告知" in notice.sentence
        assert "12月1日" in notice.sentence


def test_braces_in_a_fact_are_text(person: User) -> None:
    notice = told(person, course="{person.password} %(x)s {0}")
    assert "{person.password} %(x)s {0}" in notice.sentence


@pytest.mark.parametrize(("kind", "facts"), [("exam.lost", {}), ("exam.scored", {"exam": "x"})])
def test_what_cannot_be_said_is_not_kept(person: User, kind: str, facts: dict[str, str]) -> None:
    with pytest.raises(UnknownNoticeError):
        notify(person=person, kind=kind, facts=facts, path="", at=AT)
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_nobody_suspended_is_told() -> None:
    gone = UserFactory(suspended=True)
    assert notify(person=gone, kind="exam.scored", facts=FACTS["exam.scored"], path="", at=AT) is None
    assert not Notice.objects.exists()


def test_each_kind_belongs_to_one_theme() -> None:
    assert sorted(kind for theme in THEMES.values() for kind in theme.kinds) == sorted(TEXTS)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_several_of_a_kind_are_counted(language: str) -> None:
    with translation.override(language):
        said = [text.say_several(37) for text in TEXTS.values()]
    assert {line for line in said if "37" not in line} == {""}
    assert any(said)
