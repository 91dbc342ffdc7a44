"""Oneself: the profile, and the language one reads."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.lib.access import ANYONE, SIGNED_IN, allow
from training.people import queries, services
from training.people.models import User

A_YEAR = 365 * 24 * 60 * 60


@allow(SIGNED_IN)
@require_safe
@never_cache
def me(request: HttpRequest) -> HttpResponse:
    """Show who one is here: postings, roles, language, appearance."""
    today = timezone.localdate()
    person = queries.with_record(User.objects.filter(pk=request.user.pk), today=today).get()
    context = {"person": person, "postings": queries.posting_history(person), "languages": settings.LANGUAGES}
    return render(request, "people/me.html", context)


@allow(ANYONE)
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language: on this device before login, with the person after it. Go back to where they were."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = redirect(target)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            services.choose_language(person=request.user, language=chosen, at=timezone.now())
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=A_YEAR,
            samesite="Lax",
            secure=request.is_secure(),
            httponly=True,
        )
    return response
