"""Sign in and out, second factors. HR makes accounts and resets them: what else the package offers is closed."""

from allauth.account import views as account_views
from allauth.mfa.base import views as factor_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn import views as passkey_views
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from . import views
from .views.security import changes_factors

to_security = RedirectView.as_view(pattern_name="people:security")

urlpatterns = [
    path("login/", account_views.login, name="account_login"),
    path("logout/", account_views.logout, name="account_logout"),
    path("reauthenticate/", never_cache(account_views.reauthenticate), name="account_reauthenticate"),
    path("factors/", to_security, name="mfa_index"),
    path("factors/sign-in/", factor_views.authenticate, name="mfa_authenticate"),
    path("factors/reauthenticate/", never_cache(factor_views.reauthenticate), name="mfa_reauthenticate"),
    path("factors/app/", changes_factors(app_views.activate_totp), name="mfa_activate_totp"),
    path("factors/app/remove/", changes_factors(app_views.deactivate_totp), name="mfa_deactivate_totp"),
    path("factors/codes/", changes_factors(recovery_views.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "factors/codes/new/",
        changes_factors(recovery_views.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("factors/passkeys/", to_security, name="mfa_list_webauthn"),
    path("factors/passkeys/add/", changes_factors(passkey_views.add_webauthn), name="mfa_add_webauthn"),
    path(
        "factors/passkeys/reauthenticate/",
        never_cache(passkey_views.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "factors/passkeys/<int:pk>/remove/", changes_factors(passkey_views.remove_webauthn), name="mfa_remove_webauthn"
    ),
    path("", views.closed),
    path("<path:rest>/", views.closed),
]
