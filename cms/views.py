"""The home page, and what stands in the place of Wagtail's own login, logout and account."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.views import serve

from training.lib.access import ANYONE, SIGNED_IN, allow


@allow(ANYONE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the home page to everybody. Every other page goes through Wagtail's own view, which asks for a login."""
    return serve(request, "")


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
