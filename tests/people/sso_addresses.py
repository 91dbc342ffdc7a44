"""The addresses of an installation that has a sign-in of the centre."""

from django.urls import include, path

from training import urls
from training.urls import THIRD_PARTY_RULES, handler400, handler403, handler404, handler500

__all__ = ["THIRD_PARTY_RULES", "handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path("accounts/", include("training.people.sso_urls")), *urls.urlpatterns]
