"""A SAML identity provider: signs what it is told to say, with a key made for the test."""

import base64
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

ENTITY, ADDRESS = "https://idp.binhai.example/metadata", "http://127.0.0.1:9/sso"
STATUS = "urn:oasis:names:tc:SAML:2.0:status:Success"
ASSERTION = """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0"
 IssueInstant="{now}"><saml:Issuer>{entity}</saml:Issuer><saml:Subject>
<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">{id}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData
 InResponseTo="{request}" NotOnOrAfter="{until}" Recipient="{acs}"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{since}" NotOnOrAfter="{until}"><saml:AudienceRestriction>
<saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now}" SessionIndex="{id}"><saml:AuthnContext><saml:AuthnContextClassRef>
urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement><saml:Attribute Name="staff_number"><saml:AttributeValue>{number}</saml:AttributeValue>
</saml:Attribute></saml:AttributeStatement></saml:Assertion>"""
RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="{now}" Destination="{acs}"
 InResponseTo="{request}"><saml:Issuer>{entity}</saml:Issuer><samlp:Status><samlp:StatusCode Value="{status}"/>
</samlp:Status>{assertion}</samlp:Response>"""


def key_and_certificate() -> tuple[str, str]:
    """Make a key and a certificate for it, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.binhai.example")])
    began = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=10))
        .sign(key, hashes.SHA256())
    )
    as_pem = serialization.Encoding.PEM
    private = key.private_bytes(as_pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private.decode(), certificate.public_bytes(as_pem).decode()


@dataclass
class IdentityProvider:
    """Answers requests as the centre's directory would."""

    pair: tuple[str, str] = field(default_factory=key_and_certificate)

    @property
    def certificate(self) -> str:
        return self.pair[1]

    def answer(self, location: str, number: str, *, audience: str = "", signed: bool = True) -> str:
        """Return the SAMLResponse for the request in the address it was sent to by."""
        asked = parse_qs(urlsplit(location).query)["SAMLRequest"][0]
        request = etree.fromstring(zlib.decompress(base64.b64decode(asked), -15))
        now = datetime.now(UTC)
        facts = {
            "entity": ENTITY,
            "acs": request.get("AssertionConsumerServiceURL"),
            "request": request.get("ID"),
            "audience": audience or request.findtext("{urn:oasis:names:tc:SAML:2.0:assertion}Issuer"),
            "number": number,
            "now": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "since": f"{now - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}",
            "until": f"{now + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}",
        }
        assertion = ASSERTION.format(id=f"_{uuid4().hex}", **facts)
        if signed:
            assertion = OneLogin_Saml2_Utils.add_sign(assertion, *self.pair).decode()
        whole = RESPONSE.format(id=f"_{uuid4().hex}", status=STATUS, assertion=assertion, **facts)
        return base64.b64encode(whole.encode()).decode()
