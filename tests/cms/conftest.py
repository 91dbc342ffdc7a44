"""A centre ready for editing, and the people who edit."""

from types import SimpleNamespace

import pytest
from django.test import Client

from cms.setup import install_content_roles
from tests.factories.people import CentreFactory, UserFactory


@pytest.fixture
def editors(db: None) -> SimpleNamespace:
    """Languages, workflow and standing pages; an editor, two reviewers, an administrator, one who is both."""
    CentreFactory()
    install_content_roles()
    return SimpleNamespace(
        editor=UserFactory(editor=True),
        reviewer=UserFactory(reviewer=True),
        other_reviewer=UserFactory(reviewer=True),
        both=UserFactory(editor=True, reviewer=True),
        administrator=UserFactory(administrator=True),
    )


def browser(person: object) -> Client:
    """Return a browser in which that person is signed in; a server error is an answer."""
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client
