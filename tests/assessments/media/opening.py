"""Who opens a file, and where it is."""

from django.test import Client

from assessments.models import MediaFile
from training.people.models import User


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(file: MediaFile) -> str:
    return f"/exams/media/{file.ref}/"
