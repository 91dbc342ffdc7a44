"""R6: no byte that a candidate can get gives a key away: neither what is right, nor why, nor the ids of options."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments import services
from assessments.models import Attempt, Item, ItemReview, ItemVersion, MediaFile
from assessments.personal import parts
from assessments.scoring.marking import BY_PEOPLE
from tests.factories.assessments import ItemFactory, ItemVersionFactory, answer, exam_of, started
from tests.factories.media import kept, show
from tests.factories.people import CentreFactory, UserFactory
from training.operations.models import AuditEvent

CANARY = "key7f3"
DRAWN = (
    "multiple", "true_false", "ordering", "matching", "documents", "numeric", "short_text", "cloze", "case",
)  # fmt: skip
FIXED = frozenset({"true", "false", "sound"})
# What every candidate knows anyway: a text field's own name in a key is no secret.
WORDS_OF_KEYS = frozenset({"answers", "low", "high", "credit", "text", "criteria", "events", "id", "points", "minute"})


def renamed(value: Any) -> Any:
    """Give every id of options and parts, and every text of a key, the canary."""
    if isinstance(value, dict):
        return {name if name in WORDS_OF_KEYS else renamed(name): renamed(one) for name, one in value.items()}
    if isinstance(value, list):
        return [renamed(one) for one in value]
    return value if not isinstance(value, str) or value in FIXED or value.isdecimal() else f"{CANARY}{value}"


def plant() -> None:
    """Write the canary wherever a version holds what candidates must not know."""
    for version in ItemVersion.objects.all():
        for rows in (version.options, version.parts, *(part.get("options") or [] for part in version.parts)):
            for row in rows:
                row["id"] = renamed(row["id"])
        version.key = renamed(version.key)
        for medium in version.media.exclude(place=""):
            kind, _colon, ident = medium.place.partition(":")
            medium.place = f"{kind}:{renamed(ident)}"
            medium.save()
        version.stem = {code: text.replace("[[", f"[[{CANARY}") for code, text in version.stem.items()}
        version.rationale = {"en": CANARY, "zh-hans": CANARY}
        if version.kind in BY_PEOPLE:
            version.key |= {"model": {"en": CANARY}, "events": [{"id": CANARY, "minute": 1, "text": {"en": CANARY}}]}
        version.save()
        ItemReview.objects.create(
            item_version=version, reviewer=UserFactory(), approved=True, remark=CANARY, edits=1, at=version.written_at
        )
        Item.objects.filter(pk=version.item_id).update(code=f"{CANARY}-{version.pk}")


@pytest.fixture
def attempt(db: None) -> Attempt:
    CentreFactory(help_line={"en": "Extension 8021"})
    exam = exam_of(*DRAWN)
    for judged in ("open", "scenario"):
        ItemVersionFactory(item=ItemFactory(code=judged), **{judged: True})
    Item.objects.filter(versions__kind__in=BY_PEOPLE).update(state="reviewed")
    for number, version in enumerate(ItemVersion.objects.filter(item__bank=exam.bank)):
        show(version, kept(("red", "blue", "green")[number % 3]))
        for place in ("o:a", "p:x", "p:q1"):
            show(version, kept(sound=place == "p:x"), place=place)
    plant()
    return started(exam, at=timezone.now())


@pytest.fixture
def candidate(attempt: Attempt, client: Client) -> Client:
    client.force_login(attempt.person)
    return client


def everything(client: Client, attempt: Attempt) -> dict[str, bytes]:
    """Return every answer of the server that the candidate can get about the attempt, by address."""
    own = f"/exams/attempt/{attempt.pk}/"
    exam = attempt.exam
    item = Item.objects.filter(bank=exam.bank).first()
    assert item
    bank = f"/exams/bank/{exam.bank.code}/{item.code}/"
    places = range(attempt.items.count() + 2)
    addresses = [
        *(f"{own}{end}" for end in ("", "paper/", "clock/", "check/", "check/?show=unanswered", "hand-in/")),
        *(f"{own}{end}" for end in ("time-up/", "receipt/", "result/")),
        *(f"{own}{place}/" for place in places),
        *(f"/exams/media/{file.ref}/" for file in MediaFile.objects.all()),
        *("/exams/", f"/exams/{exam.code}/", "/desk/", "/notices/", "/certificates/", "/competencies/"),
        *("/people/me/data/", "/api/v1/openapi.json", "/exams/bank/", f"/exams/bank/?q={CANARY[:3]}"),
        *(bank, f"{bank}edit/", f"{bank}versions/", f"/people/{attempt.person.staff_number}/"),
    ]
    seen = {address: _bytes(client.get(address)) for address in addresses}
    bodies = [{"revision": number, "value": value} for number, value in ((99, 1), (0, 77), (0, {"1": 1}), (0, "?"))]
    forms = [{"revision": "0", "choice": "99"}, {"revision": "x"}, {"revision": "0", "typed": "?"}]
    for place in places:
        for body in (*bodies, {"revision": 0}):
            sent = client.post(f"{own}{place}/answer/", json.dumps(body), content_type="application/json")
            seen[f"{own}{place}/answer/ {body}"] = _bytes(sent)
        for form in forms:
            seen[f"{own}{place}/ {form}"] = _bytes(client.post(f"{own}{place}/", form))
    return seen


def _bytes(response: Any) -> bytes:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body + str(response.headers).encode()


def assert_silent(seen: dict[str, bytes]) -> None:
    # The address of the bank that was asked for is the asker's own word.
    loud = {address for address, body in seen.items() if CANARY.encode() in body and "/exams/bank/" not in address}
    assert not loud


@pytest.mark.django_db
def test_no_byte_gives_a_key_away(candidate: Client, attempt: Attempt) -> None:
    before = everything(candidate, attempt)
    assert_silent(before)
    kinds = {f'data-kind="{kind}"'.encode() for kind in (*DRAWN, "pick")}
    paper = before[f"/exams/attempt/{attempt.pk}/paper/"]
    assert {kind for kind in kinds if kind not in paper} == set(), "the paper has no question of some kind"
    assert paper.count(b"<img ") == 3 * len(DRAWN), "the paper does not show every picture"
    assert paper.count(b"<audio ") == len(DRAWN), "the paper does not play every recording"
    services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=timezone.now() + timedelta(minutes=2))
    assert_silent(everything(candidate, attempt))


@pytest.mark.django_db
def test_the_bank_is_closed_to_candidates_and_open_to_examiners(candidate: Client, attempt: Attempt) -> None:
    item = Item.objects.filter(bank=attempt.exam.bank).first()
    assert item
    addresses = [
        reverse(f"assessments:{name}", args=[item.bank.code, item.code]) for name in ("item", "edit_item", "versions")
    ]
    addresses += [reverse(f"assessments:{name}") for name in ("bank", "banks", "write_item")]
    for address in addresses:
        refused = candidate.get(address)
        assert refused.status_code == 403
        assert CANARY.encode() not in refused.content.replace(address.encode(), b"")
    examiner = Client()
    examiner.force_login(UserFactory(examiner=True))
    assert CANARY.encode() in examiner.get(addresses[0]).content  # the canary sings where it may


@pytest.mark.django_db
def test_neither_trail_nor_copy_of_ones_data_has_a_key(attempt: Attempt) -> None:
    """Answers are kept as ids of options, and the copy tells them as the candidate's screen did."""
    question = attempt.items.select_related("item_version").get(item_version__kind="multiple")
    answer(attempt, question, question.item_version.key, at=timezone.now())
    services.hand_in(person=attempt.person, attempt_id=attempt.pk, now=timezone.now())
    assert CANARY not in json.dumps(list(AuditEvent.objects.values("before", "after", "reason")), default=str)
    told = {part.name: [values for _row, values in part.values(for_the_person=True)] for part in parts(attempt.person)}
    assert CANARY not in json.dumps(told, default=str)
    assert told["exam-answers"][0]["seen"] == question.as_seen(question.item_version.key)
