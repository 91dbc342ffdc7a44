"""Certificates of somebody made anonymous: still checked by whoever holds the paper, no longer naming anybody."""

from django.db import transaction

from training.certificates.models import Certificate
from training.certificates.rules import code_left, name_digest
from training.people.models import User


def forget_holder(*, holder: User) -> int:
    """Take names and PDF out of the person's certificates; return how many had them.

    Of the names and the code digests are left: the code on the paper finds the certificate, and only with it can a name
    be compared with what was printed.
    """
    named = Certificate.objects.filter(holder=holder, name_digests=[]).order_by("pk")
    keys = list(named.values_list("pk", flat=True))
    for key in keys:
        _forget(key)
    return len(keys)


@transaction.atomic
def _forget(key: int) -> None:
    certificate = Certificate.objects.select_for_update().get(pk=key)
    printed = [name for name in (certificate.holder_name, certificate.holder_latin_name) if name]
    certificate.name_digests = [name_digest(certificate.code, name) for name in printed]
    certificate.code = code_left(certificate.code)
    certificate.holder_name = certificate.holder_latin_name = ""
    # what was printed beside the name stays; what its issuer knew besides goes
    certificate.facts = {**certificate.facts, "given": {}}
    if certificate.pdf:
        # before the commit: killed after it, nobody would know of the file any more
        certificate.pdf.storage.delete(str(certificate.pdf.name))
    certificate.pdf = ""
    certificate.save()
