"""Issuing a certificate: its number, its code, its facts frozen as printed."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from training.authorisations.queries import scope_on
from training.certificates import rules
from training.certificates.models import Achievement, Certificate, NumberCounter
from training.competencies.models import Framework
from training.lib.texts import Texts, text_in
from training.notices.services import notify
from training.operations.services import Actor, record, start_job
from training.people.models import Centre, User

CODE_TRIES = 10
# The sentence of these ends with the name of what was achieved; that of the others says it all.
NAMED_AT_THE_END = (Achievement.Kind.COURSE, Achievement.Kind.EXAM_LEVEL, Achievement.Kind.POSITION)
# The paper says everything twice; what an editor wrote in one language only stands there in that one.
COLONS = {"en": ": ", "zh-hans": "："}


@transaction.atomic
def issue(
    *,
    achievement: Achievement,
    holder: User,
    facts: Mapping[str, Any],
    earned_by: Texts,
    by: Actor,
    at: datetime,
    today: date,
    scope: Sequence[Mapping[str, Any]] | None = None,
    choose: Callable[[str], str] = secrets.choice,
) -> Certificate:
    """Issue a certificate; a valid one of the same achievement and holder is replaced by it. Its PDF is made later.

    `facts` is what its issuer knows (JSON); of it only `basis`, a mapping of texts, is printed: what the certificate
    rests on, by default the version of the framework. `scope` lists what the holder may handle that day, each as
    {"matter", "name", "entrustment"}; by default the ledger is asked. `choose` draws the characters of the code.
    """
    centre = Centre.load()
    number = _next_number(centre.code, today.year)
    replaced = _valid_one(achievement, holder, today)
    certificate = Certificate.objects.create(
        number=number,
        code=_unused_code(choose),
        achievement=achievement,
        holder=holder,
        holder_name=holder.display_name,
        holder_latin_name=holder.latin_name,
        facts=_printed(centre, achievement, earned_by, facts)
        | {"given": dict(facts), "scope": _scope(holder, today) if scope is None else [dict(one) for one in scope]},
        earned_by=dict(earned_by),
        issued_on=today,
        expires_on=_last_day(achievement, today),
        issued_at=at,
        supersedes=replaced,
    )
    after = {"number": number, "achievement": achievement.code, "replaces": replaced and replaced.number}
    record(action="certificates.issued", by=by, subject=certificate, person=holder, at=at, after=after)
    _announce(certificate, holder, by, at)
    return certificate


def _last_day(achievement: Achievement, today: date) -> date | None:
    return rules.last_valid_day(today, achievement.valid_months) if achievement.valid_months else None


def _next_number(prefix: str, year: int) -> str:
    """Take the next number of the year; whoever comes meanwhile waits until this transaction ends."""
    counter, _first = NumberCounter.objects.select_for_update().get_or_create(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return rules.certificate_number(prefix, year, counter.last)


def _valid_one(achievement: Achievement, holder: User, today: date) -> Certificate | None:
    same = Certificate.objects.filter(achievement=achievement, holder=holder, superseded_by=None)
    return same.valid_on(today).order_by("-pk").first()


def _unused_code(choose: Callable[[str], str]) -> str:
    for _try in range(CODE_TRIES):
        code = rules.new_verify_code(choose)
        if not Certificate.objects.filter(code=code).exists():
            return code
    raise RuntimeError("Ten verify codes in a row were taken: the characters are not drawn at random.")


def _printed(centre: Centre, achievement: Achievement, earned_by: Texts, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Everything on the paper that does not stand in a column of its own."""
    design = achievement.design
    return {
        "issuer": dict(centre.name),
        "heading": dict(design.heading),
        "wording": _wording(achievement),
        "emphasis": dict(achievement.name),
        "signatories": list(design.signatories),
        "basis": dict(facts.get("basis") or _framework_version() or earned_by),
    }


def _wording(achievement: Achievement) -> dict[str, str]:
    """The sentence of the design, with what was achieved at its end where it does not name that itself."""
    sentences = {language: text for language, text in achievement.design.wording.items() if text}
    if achievement.kind not in NAMED_AT_THE_END:
        return sentences
    for language, text in sentences.items():
        name = text_in(achievement.name, language)
        if name not in text:
            sentences[language] = f"{text}{COLONS.get(language, ': ')}{name}"
    return sentences


def _framework_version() -> dict[str, str]:
    framework = Framework.objects.filter(is_current=True).first()
    if framework is None:
        return {}
    return {"en": f"Framework version {framework.version}", "zh-hans": f"能力框架第{framework.version}版"}


def _scope(holder: User, today: date) -> list[dict[str, Any]]:
    return [
        {"matter": one.matter.code, "name": one.matter.name, "entrustment": one.entrustment}
        for one in scope_on(person=holder, day=today)
    ]


def _announce(certificate: Certificate, holder: User, by: Actor, at: datetime) -> None:
    """Tell the holder, and have the PDF made once all this is committed."""
    notify(
        person=holder,
        kind="certificate.issued",
        facts={"certificate": certificate.achievement.name, "number": certificate.number},
        path=reverse("certificates:detail", args=[certificate.number]),
        at=at,
    )
    start_job(
        task="training.certificates.tasks.render",
        arguments={"certificate_id": certificate.pk},
        by=by,
        at=at,
        label={"en": f"PDF of certificate {certificate.number}", "zh-hans": f"证书{certificate.number}的PDF"},
    )
