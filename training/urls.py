"""Every address of the project. Addresses carry no language; Wagtail's catch-all comes last."""

from django.conf import settings
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from training import views
from training.lib.access import ANYONE, SIGNED_IN, SIGNED_IN_OR_KEY, roles

# Views of other packages, ruled by the longest prefix of their route; ours declare their rule themselves.
THIRD_PARTY_RULES = {
    "accounts/": ANYONE,
    "accounts/reauthenticate/": SIGNED_IN,
    "accounts/factors/": SIGNED_IN,
    "accounts/factors/sign-in/": ANYONE,
    "api/": SIGNED_IN,
    "api/v1/authorisations/": SIGNED_IN_OR_KEY,
    "cms/": roles("editor", "reviewer", "administrator"),
    "documents/": SIGNED_IN,
    "": SIGNED_IN,
}

urlpatterns = [
    path("", include("training.operations.urls")),
    *([path("accounts/", include("training.people.sso_urls"))] if settings.SOCIALACCOUNT_PROVIDERS else []),
    path("accounts/", include("training.people.account_urls")),
    path("people/", include("training.people.urls")),
    path("", include("training.authorisations.urls")),
    path("", include("training.competencies.urls")),
    path("", include("training.accountability.urls")),
    path("notices/", include("training.notices.urls")),
    path("", include("training.matters.urls")),
    path("", include("training.certificates.urls")),
    path("", include("courses.urls")),
    path("exams/", include("assessments.urls")),
    path("coaching/", include("mentors.urls")),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("theme/", views.theme, name="theme"),
    path("text-size/", views.text_size, name="text_size"),
    path("", include("cms.urls")),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include(wagtail_urls)),
]

handler400 = "training.views.bad_request"
handler403 = "training.views.permission_denied"
handler404 = "training.views.page_not_found"
handler500 = "training.views.server_error"
