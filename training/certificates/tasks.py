"""What the worker does for certificates."""

from . import services


def render(certificate_id: int) -> dict[str, str]:
    """Make and store the PDF of a certificate; return the hash kept with it."""
    return {"sha256": services.render(certificate_id).pdf_sha256}
