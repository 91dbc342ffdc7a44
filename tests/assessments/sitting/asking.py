"""Asking the pages of a running exam."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from assessments.models import Attempt, AttemptItem
from assessments.queries import Question, questions_of


def address(attempt: Attempt, rest: str = "") -> str:
    return f"/exams/attempt/{attempt.pk}/{rest}"


def of_kind(attempt: Attempt, kind: str) -> AttemptItem:
    return attempt.items.select_related("item_version").filter(item_version__kind=kind).first()


def shown(attempt: Attempt, position: int) -> Question:
    return questions_of(attempt, position)[0]


def send(client: Client, attempt: Attempt, position: int, **body: Any) -> HttpResponse:
    path = address(attempt, f"{position}/answer/")
    return client.post(path, json.dumps(body), content_type="application/json")
