"""The centre's own sign-in, from the environment: OpenID Connect, SAML, both or none."""

from typing import Any

from environs import Env

NAME = "sso"
"""Stands in the addresses that the other side must know."""


def providers(env: Env) -> dict[str, Any]:
    """Return what django-allauth wants to know of the providers that are configured."""
    found: dict[str, Any] = {}
    if server := env.str("SSO_OIDC_SERVER", ""):
        found["openid_connect"] = {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [oidc(server, env.str("SSO_OIDC_CLIENT"), env.str("SSO_OIDC_SECRET"))],
        }
    if entity := env.str("SSO_SAML_ENTITY", ""):
        found["saml"] = {"APPS": [saml(entity, env.str("SSO_SAML_URL"), env.str("SSO_SAML_CERTIFICATE"))]}
    return found


def oidc(server: str, client: str, secret: str) -> dict[str, Any]:
    """Return an OpenID Connect provider by its address and what it knows us by."""
    settings = {"server_url": server, "fetch_userinfo": True}
    return {"provider_id": NAME, "name": "OIDC", "client_id": client, "secret": secret, "settings": settings}


def saml(entity: str, url: str, certificate: str) -> dict[str, Any]:
    """Return a SAML provider: who it is, where it asks, and the certificate it signs with."""
    return {
        "name": "SAML",
        "provider_id": entity,
        "client_id": NAME,
        "settings": {
            "idp": {"entity_id": entity, "sso_url": url, "x509cert": certificate},
            # Nothing is believed that was not asked for and signed by them.
            "advanced": {
                "strict": True,
                "want_assertion_signed": True,
                "reject_idp_initiated_sso": True,
                "reject_deprecated_algorithm": True,
                "allow_repeat_attribute_name": False,
            },
        },
    }
