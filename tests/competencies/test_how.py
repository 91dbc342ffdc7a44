"""The page that explains levels: in both languages, with the figures in force, led to from where levels are shown."""

import pytest
from django.test import Client

from tests.factories.competencies import FrameworkFactory
from tests.factories.people import CentreFactory, UserFactory
from training.competencies.rules import DEFAULT_RULE, DEFAULT_SETTINGS
from training.people.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "said"), [("en", "Knowledge ages"), ("zh-hans", "本领会生疏")])
def test_it_explains_with_the_figures_in_force(client: Client, language: str, said: str) -> None:
    CentreFactory()
    FrameworkFactory()
    person = UserFactory()
    User.objects.filter(pk=person.pk).update(language=language)
    client.force_login(person)
    page = client.get("/competencies/how/").content.decode()
    assert said in page
    figures = (DEFAULT_RULE.window_days, round(DEFAULT_SETTINGS.half_life_months), "-0.7", "2.0", 80)
    assert [figure for figure in figures if str(figure) not in page] == []


def test_an_empty_framework_is_no_error(client: Client) -> None:
    CentreFactory()
    client.force_login(UserFactory())
    assert client.get("/competencies/how/").status_code == 200
