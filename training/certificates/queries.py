"""Reading certificates: what they are worth on a day, which expire soon, which wait to be revoked."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, QuerySet

from training.authorisations.models import Entrustment
from training.authorisations.queries import scope_on
from training.lib.texts import Texts
from training.people.models import User

from .models import Certificate, CertificateQuerySet, Revocation
from .rules import code_left, name_digest


@dataclass(frozen=True)
class Handling:
    """One matter on a certificate's page: what its holder was entrusted with then, and is on the day asked for.

    Entrustments are numbers of the scale, None where there is none; `since` and `until` speak of the present one, and
    `until` only of a conditional one.
    """

    name: Texts
    then: int | None
    now: int | None
    since: date | None = None
    until: date | None = None

    @property
    def then_label(self) -> str:
        return label_of(self.then)

    @property
    def now_label(self) -> str:
        return label_of(self.now)

    @property
    def changed(self) -> bool:
        return self.then != self.now


def label_of(entrustment: int | None) -> str:
    """Return an entrustment in the reader's words; "" for none."""
    return "" if entrustment is None else str(Entrustment(entrustment).label)


def certificates_of(holder: User, *, today: date) -> CertificateQuerySet:
    """Return the person's certificates with `state`: what expires first comes first, what has no end comes last."""
    found = Certificate.objects.filter(holder=holder).with_state(today).select_related("achievement")
    return found.order_by(F("expires_on").asc(nulls_last=True), "-issued_on", "-pk")


def expiring(*, holder: User, today: date, within: timedelta) -> CertificateQuerySet:
    """Return the person's valid certificates whose last day is at most `within` from today, soonest first."""
    found = Certificate.objects.filter(holder=holder, expires_on__lte=today + within).valid_on(today)
    return found.select_related("achievement").order_by("expires_on", "pk")


def certificate_by_code(code: str, *, day: date) -> Certificate | None:
    """Return the certificate with that verify code and its `state` on `day`, with what replaced or revoked it."""
    found = Certificate.objects.filter(code__in=[code, code_left(code)]).with_state(day)
    return found.select_related("holder", "superseded_by").first()


def is_printed_name(certificate: Certificate, *, code: str, name: str) -> bool:
    """Tell whether the name is one that was printed; asked of a certificate whose holder was made anonymous."""
    return name_digest(code, name) in certificate.name_digests


def revocation_of(certificate: Certificate) -> Revocation | None:
    """Return the revocation that is asked for or confirmed; None if there is none."""
    return (
        certificate.revocations.exclude(state=Revocation.State.REFUSED).select_related("asked_by", "decided_by").first()
    )


def handling(certificate: Certificate, *, day: date) -> list[Handling]:
    """Return what the holder might handle when the certificate was issued beside what they may handle on `day`."""
    rows = {row["matter"]: Handling(row["name"], row["entrustment"], None) for row in certificate.facts["scope"]}
    for one in scope_on(person=certificate.holder, day=day) if certificate.holder else []:
        then = rows.get(one.matter.code)
        rows[one.matter.code] = Handling(
            name=one.matter.name,
            then=then.then if then else None,
            now=one.entrustment,
            since=one.since,
            until=one.conditional_until,
        )
    return list(rows.values())


def revocations_asked(certificates: "QuerySet[Certificate]") -> "QuerySet[Revocation]":
    """Return the revocations of these certificates that wait for a second person, the oldest first."""
    asked = Revocation.objects.filter(state=Revocation.State.ASKED, certificate__in=certificates)
    return asked.select_related("certificate__achievement", "certificate__holder", "asked_by").order_by("asked_at")
