"""The Content-Security-Policy of each part of the site."""

from csp.constants import SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

BACK_OFFICE = "/cms/"


class PathCSPMiddleware(CSPMiddleware):
    """One policy for our pages, a wider one for Wagtail's back office (see settings/csp.py)."""

    def get_policy_parts(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        report_only: bool = False,  # noqa: FBT001, FBT002  # the signature is django-csp's
    ) -> PolicyParts:
        if getattr(request, "is_dummy", False):
            # Wagtail draws a preview by asking itself for the page, to show it in a frame of the back office.
            parts = super().get_policy_parts(request, response, report_only)
            parts.replace = {**(parts.replace or {}), "frame-ancestors": [SELF]}
            return parts
        if not report_only and request.path_info.startswith(BACK_OFFICE):
            return PolicyParts(config=settings.CMS_CONTENT_SECURITY_POLICY)
        return super().get_policy_parts(request, response, report_only)
