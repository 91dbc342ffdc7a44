"""Signing in through the centre's own sign-in; these addresses exist only where one is configured."""

from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.socialaccount.providers.saml import views as saml
from django.urls import path

from .single_sign_on import refuses_nonsense

urlpatterns = [
    path("oidc/<str:provider_id>/login/", oidc.login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback"),
    path("saml/<str:organization_slug>/login/", saml.login, name="saml_login"),
    path("saml/<str:organization_slug>/acs/", saml.acs, name="saml_acs"),
    path("saml/<str:organization_slug>/acs/finish/", refuses_nonsense(saml.finish_acs), name="saml_finish_acs"),
    path("saml/<str:organization_slug>/sls/", saml.sls, name="saml_sls"),
    path("saml/<str:organization_slug>/metadata/", saml.metadata, name="saml_metadata"),
]
