"""The public check: anybody with the paper in hand learns what it is worth, without an account."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from training.certificates import queries, services
from training.certificates.forms import CodeForm, NameForm
from training.certificates.limits import too_many_checks
from training.certificates.models import Certificate, State
from training.certificates.rules import is_verify_code, normalise_verify_code
from training.lib.access import ANYONE, allow
from training.lib.addresses import client_address, network_of

RETRY_AFTER_SECONDS = 60
# How people call the zone; the offset says it elsewhere.
ZONES = {"Asia/Shanghai": _("Beijing time")}


@dataclass(frozen=True)
class Verdict:
    """How an answer looks and what a machine is told: the word, its colour and icon, the HTTP status."""

    word: Promise
    tone: str
    icon: str
    status: int = 200

    @property
    def in_both(self) -> tuple[tuple[str, str], ...]:
        """The word by language tag, the reader's language first: the paper travels among people who read either."""
        here = translation.get_language()
        return tuple((tag, self._in(tag)) for tag in sorted(("en", "zh-hans"), key=lambda tag: tag != here))

    def _in(self, language: str) -> str:
        with translation.override(language):
            return str(self.word)


VERDICTS = {
    State.VALID: Verdict(State.VALID.label, "", "circle-check"),
    State.EXPIRED: Verdict(State.EXPIRED.label, "verdict-soon", "calendar-x"),
    State.REPLACED: Verdict(State.REPLACED.label, "verdict-soon", "replace"),
    State.REVOKED: Verdict(State.REVOKED.label, "verdict-bad", "ban", 410),
}
NOT_FOUND = Verdict(_("Not found"), "verdict-none", "search-x", 404)
TOO_MANY = Verdict(_("Too many checks"), "verdict-none", "hourglass", 429)


@allow(ANYONE)
@require_safe
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a code and lead to its page."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("certificates:verify_code", form.cleaned_data["code"])
    return _unlisted(render(request, "certificates/verify.html", {"form": form}))


@allow(ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Say what the certificate with this code is worth now; a code never given out and a mistyped one look alike.

    Where the name is no longer kept, the name on the paper can be posted: then it says whether that was printed.
    """
    now = timezone.now()
    if too_many_checks(network_of(client_address(request)), now=now):
        response = _answer(request, TOO_MANY, now)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    plain = normalise_verify_code(code)
    # Looked up either way, so that both take the same work.
    certificate = queries.certificate_by_code(plain if is_verify_code(plain) else "", day=timezone.localdate(now))
    if certificate is None:
        return _answer(request, NOT_FOUND, now)
    found = _found(certificate, plain, now)
    if certificate.is_nameless:
        found |= _compared(request, certificate, plain)
    return _answer(request, VERDICTS[certificate.state], now, **found)


def _compared(request: HttpRequest, certificate: Certificate, code: str) -> dict[str, object]:
    """Compare the name that was typed, if any, with what was printed. Posted, so that it stands in no address."""
    form = NameForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return {"name_form": form}
    name = form.cleaned_data["name"]
    return {"name_form": form, "agrees": queries.is_printed_name(certificate, code=code, name=name), "typed": name}


def _found(certificate: Certificate, code: str, now: datetime) -> dict[str, object]:
    today = timezone.localdate(now)
    revoked = certificate.state == State.REVOKED
    return {
        "certificate": certificate,
        # what is left of the code of a nameless certificate is not what stands on the paper
        "paper": replace(services.facts_on_paper(certificate), code=code),
        "address": services.verify_url(code),
        "revocation": queries.revocation_of(certificate) if revoked else None,
        "handling": [] if revoked else queries.handling(certificate, day=today),
    }


def _answer(request: HttpRequest, verdict: Verdict, now: datetime, **found: object) -> HttpResponse:
    local = timezone.localtime(now)
    context = {
        "verdict": verdict,
        "form": CodeForm(),
        "address": services.verify_url(),
        "checked_at": local,
        "today": local.date(),
        "zone": ZONES.get(timezone.get_current_timezone_name()) or f"{local:UTC%z}",
        **found,
    }
    return _unlisted(render(request, "certificates/verdict.html", context, status=verdict.status))


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Keep the page out of search engines."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
