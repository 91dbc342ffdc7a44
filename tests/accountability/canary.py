"""A clerk with a name nobody else has, in every place the platform writes it to; and the search for it everywhere."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any
from urllib.parse import quote, quote_plus

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from wagtail.log_actions import log
from wagtail.models import Comment
from wagtail.users.models import UserProfile

from assessments.services import hand_in
from assessments.services.exchange import keep_upload
from cms.models import HomePage
from mentors.models import EntrustmentDecision
from mentors.services import countersign, decide
from tests.access.world import World
from tests.factories.assessments import answer, exam_of, started
from tests.factories.mentors import NOW, TODAY, logged, observed
from tests.factories.operations import JobFactory
from training.accountability.models import Erasure, PersonalCopy
from training.accountability.queries.trail import TrailFilter
from training.accountability.services import ask_copy, record_trail_export
from training.certificates.models import Certificate
from training.lib.imports import Silent, import_of
from training.lib.tables import read_table
from training.notices.models import AddressConfirmation
from training.operations.models import ImportRun
from training.people import services
from training.people.models import SavedView, User
from training.people.services import importing

NAME, LATIN, NUMBER, EMAIL = "金丝雀钱七", "Quent Kanarie", "QX77123", "quent.k@binhai.example"
WORDS = "Confided-x1"
CANARIES = (NAME, LATIN, "Kanarie", NUMBER, EMAIL, WORDS, quote(NAME), quote(EMAIL))


class CanaryWorld(World):
    """Everything of the world of the access tests, with the clerk it is about under a name to look for."""

    def _related(self) -> dict[str, User]:
        people = super()._related()
        owner = people["owner"]
        owner.display_name, owner.latin_name, owner.staff_number, owner.email = NAME, LATIN, NUMBER, EMAIL
        owner.save()
        return people

    def __init__(self) -> None:
        super().__init__()
        self.owner, self.hr, self.teacher = (self.people[name] for name in ("owner", "hr", "teacher"))
        self._coached()
        self._examined()
        self._signed_in()
        self._brought_in()
        self._edited()
        self._kept()
        services.leave(person=self.owner, last_day=TODAY, by=self.hr, at=NOW + timedelta(hours=1))
        self.owner.refresh_from_db()
        Erasure.objects.all().delete()  # the world's: this one is asked for as people do

    def _coached(self) -> None:
        mentorship = self.owner.mentorships.get()
        session = logged(mentorship, note=f"{NAME} {WORDS}", strengths=WORDS, next_action=WORDS)
        countersign(session=session, agreed=False, note=WORDS, by=self.owner, at=NOW)
        observed(mentorship, self.rubric, 3, 3, 3, 3, comment=f"{LATIN}: {WORDS}")
        case = mentorship.cases.get()
        case.evidence_pack = {**case.evidence_pack, "of": NAME}
        case.save()
        for number, decider in enumerate((self.teacher, self.people["panel"])):
            at = NOW + timedelta(minutes=number)
            decide(case=case, decider=decider, verdict="yes", note=WORDS, at=at)
        assert EntrustmentDecision.objects.filter(note=WORDS).count() == 2

    def _examined(self) -> None:
        paper = started(exam_of("short_text"), self.owner, at=NOW)
        for question in paper.items.all():
            answer(paper, question, f"{WORDS} by {NAME}")
        hand_in(person=self.owner, attempt_id=paper.pk, now=NOW + timedelta(minutes=5))
        AddressConfirmation.objects.create(person=self.owner, address=EMAIL, asked_at=NOW, expires_at=NOW, ended_at=NOW)

    def _signed_in(self) -> None:
        self.browser = Client(HTTP_USER_AGENT=f"Kiosk of {LATIN}")
        self.browser.force_login(self.owner)
        self.browser.get("/desk/")
        session = self.browser.session
        session["typed"] = NAME
        session.save()
        UserSession.objects.get_or_create(
            user=self.owner,
            session_key=session.session_key,
            defaults={"ip": "10.0.0.1", "user_agent": f"Kiosk of {LATIN}", "last_seen_at": NOW, "created_at": NOW},
        )
        EmailAddress.objects.create(user=self.owner, email=EMAIL)
        SocialAccount.objects.create(user=self.owner, provider="x", uid=NUMBER, extra_data={"name": NAME})
        Authenticator.objects.create(user=self.owner, type="totp", data={"name": LATIN})
        services.issue_codes(codes={self.owner.pk: "code"}, valid_for=timedelta(days=1), by=self.hr, at=NOW)

    def _brought_in(self) -> None:
        """A list in which their row is refused, taken in without it."""
        file = io.BytesIO(f"工号,姓名,科室,岗位,到岗日期\n{NUMBER},{NAME},nowhere,none,2026-01-01".encode())
        table = read_table(file, name=f"{LATIN}.csv")
        run = begin = importing.begin_import(kind=import_of("staff"), file=file, table=table, by=self.hr, at=NOW)
        ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.CHECKING)
        importing.check_import(run=ImportRun.objects.get(pk=begin.pk), at=NOW, progress=Silent())
        ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.APPLIED, finished_at=NOW, faulty=1)
        ImportRun.objects.create(kind="x", by_id=self.owner.pk, by_name=str(self.owner), uploaded_at=NOW)

    def _edited(self) -> None:
        page = HomePage.objects.get(locale__language_code="en")
        page.title = f"By {NAME}"
        page.save_revision(user=self.owner)
        Comment.objects.create(page=page, user=self.owner, text=f"Ask {LATIN}", contentpath="title")
        log(page, "wagtail.edit", user=self.owner, data={"comment": f"{NAME} wrote"})
        UserProfile.objects.create(user=self.owner, avatar=ContentFile(NAME.encode(), name="face.png"))

    def _kept(self) -> None:
        SavedView.objects.create(person=self.hr, name=f"Of {LATIN}", query=f"q={quote(NAME)}&by={quote_plus(LATIN)}")
        record_trail_export(by=self.people["auditor"], wanted=TrailFilter(person=NAME), events=1, at=NOW)
        ask_copy(person=self.owner, by=self.hr, language="en", at=NOW)
        copy = PersonalCopy.objects.filter(person=self.owner).latest("asked_at")
        copy.file.save("copy.zip", ContentFile(NAME.encode()))
        for certificate in Certificate.objects.filter(holder=self.owner):
            certificate.pdf.save(f"{certificate.number}.pdf", ContentFile(NAME.encode()))
        keep_upload(f"{LATIN} wrote: 2 + 2 = ? {{4}}".encode(), by=self.owner)
        job = JobFactory(done_with_file=True, started_by_id=self.hr.pk, label={"en": f"Sheet of {NAME}"})
        job.file.save("sheet.csv", ContentFile(NAME.encode()))


def found() -> list[str]:
    """Return where any of the names stands: columns of tables, files, keys of the cache."""
    places = {place for place, text in everything() if any(word.lower() in text.lower() for word in CANARIES)}
    return sorted(places)


def everything() -> Iterator[tuple[str, str]]:
    yield from cells()
    for name in ("default", "private"):
        yield from files(storages[name], name)
    yield from ((f"cache {key}", str(value)) for key, value in cache._cache.items())  # type: ignore[attr-defined]


def cells() -> Iterator[tuple[str, str]]:
    """Yield every cell of every table as text, whatever it is packed in."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # names of the database's own
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    yield f"{table}.{name}", readable(value) + session(table, value)


def readable(value: Any) -> str:
    """Return a cell as text: JSON without its escapes, bytes and sessions unpacked."""
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).decode("utf-8", "ignore")
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value + unescaped(value)


def unescaped(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return ""


def session(table: str, value: Any) -> str:
    """Return what a session holds."""
    if table != "django_session" or not isinstance(value, str) or ":" not in value:
        return ""
    return json.dumps(SESSIONS.decode(value), ensure_ascii=False, default=str)


SESSIONS = import_module(settings.SESSION_ENGINE).SessionStore()


def files(storage: Any, path: str, folder: str = "") -> Iterator[tuple[str, str]]:
    """Yield every file's name and content, streams of PDF and ZIP as they are."""
    folders, names = storage.listdir(folder)
    for name in names:
        whole = f"{folder}/{name}".lstrip("/")
        with storage.open(whole) as opened:
            yield f"{path}: {whole}", whole + opened.read().decode("utf-8", "ignore")
    for one in folders:
        yield from files(storage, path, f"{folder}/{one}".lstrip("/"))


def empty_storages() -> None:
    """Forget the files of earlier tests, which the database knows no more."""
    for name in ("default", "private"):
        for place, _text in list(files(storages[name], "")):
            storages[name].delete(place.removeprefix(": "))
