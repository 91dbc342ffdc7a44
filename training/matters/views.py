"""Matters and bundles as the staff read them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from training.lib.access import SIGNED_IN, allow

from . import queries
from .presentation import bundle_page, matter_page


@allow(SIGNED_IN)
@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """List the matters by department, and the bundles."""
    context = {"departments": queries.matters_by_department(), "bundles": queries.published_bundles()}
    return render(request, "matters/list.html", context)


@allow(SIGNED_IN)
@require_safe
def matter(request: HttpRequest, code: str) -> HttpResponse:
    """Show a matter as last published; 404 for one that never was, or is withdrawn."""
    version = queries.latest_matter(code)
    if version is None:
        raise Http404
    return render(request, "matters/matter.html", {"page": matter_page(version)})


@allow(SIGNED_IN)
@require_safe
def bundle(request: HttpRequest, code: str) -> HttpResponse:
    """Show a bundle as last published; 404 for one that never was, or is withdrawn."""
    version = queries.latest_bundle(code)
    if version is None:
        raise Http404
    return render(request, "matters/bundle.html", {"page": bundle_page(version)})
