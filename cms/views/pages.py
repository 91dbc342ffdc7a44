"""The home page, the desk, and what stands in the place of Wagtail's own login, logout and account."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.views import serve

from cms.desk import desk as find_desk
from training.lib.access import ANYONE, SIGNED_IN, allow


@allow(ANYONE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the home page to everybody. Every other page goes through Wagtail's own view, which asks for a login."""
    return serve(request, "")


@allow(SIGNED_IN)
@require_safe
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """Show what the person does next, and by when."""
    today = timezone.localdate()
    shown = find_desk(person=request.user, now=timezone.now(), today=today, language=get_language())
    late = len(shown.overdue) + bool(shown.next and shown.next.state == "overdue")
    return render(request, "cms/desk.html", {"desk": shown, "today": today, "late": late})


@allow(ANYONE)
def to_login(request: HttpRequest) -> HttpResponse:
    """Lead to the one login, and from there to where the person wanted to go."""
    wanted = request.GET.get("next", reverse("wagtailadmin_home"))
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")


@allow(SIGNED_IN)
def to_logout(request: HttpRequest) -> HttpResponse:
    """Lead to the page that signs out. Wagtail's would answer a plain link by dropping the session."""
    return redirect("account_logout")


@allow(SIGNED_IN)
def to_profile(request: HttpRequest) -> HttpResponse:
    """Lead to the profile. Wagtail's account asks for names and languages it does not keep."""
    return redirect("people:me")
