"""Questions to practise inside a lesson."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from assessments.models import ItemVersion
from assessments.queries import alone_card, practised_about, practised_items
from training.people.models import User

from .learning import Passage, Practice


def with_practice(passages: Sequence[Passage], person: User, *, language: str, on: date, back: str) -> list[Passage]:
    """Return the passages with the questions that blocks of practice ask; `back` is the page they stand on."""

    def asked(version: ItemVersion) -> Practice:
        item = version.item
        address = reverse("assessments:practise_item", args=[item.bank.code, item.code])
        return Practice(alone_card(person, version, language=language, on=on), f"{address}?{urlencode({'back': back})}")

    def filled(passage: Passage) -> Passage:
        if passage.block is None or passage.block["type"] != "practice":
            return passage
        value = passage.block["value"]
        chance = f"{person.pk}:{back}:{passage.place}"  # the same questions whenever somebody comes back
        versions = practised_items(value["items"]) or practised_about(value["competency"], value["number"], chance)
        return replace(passage, practice=[asked(version) for version in versions])

    return [filled(passage) for passage in passages]
