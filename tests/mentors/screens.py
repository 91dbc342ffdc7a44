"""Opening the screens of coaching as somebody."""

from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from mentors.models import Mentorship
from training.people.models import User


def visitor(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(name: str, pk: int) -> str:
    return reverse(f"mentors:{name}", args=[pk])


def entry(mentorship: Mentorship, **given: Any) -> dict[str, Any]:
    """What the browser sends when the teacher taps a level and Save."""
    usual = {
        "client_uuid": str(uuid4()),
        "held_at": "2026-11-23T10:30",
        "kind": "supervised",
        "matter": mentorship.matters.get().pk,
        "level": "3",
        "minutes": "10",
    }
    return usual | given
