"""What the worker does for certificates."""

from training.operations.progress import Progress

from . import services


def render(*, progress: Progress, certificate_id: int) -> dict[str, str]:
    """Make and store the PDF of a certificate, unless it is there; return the hash kept with it."""
    progress.start(1)
    certificate = services.render(certificate_id)
    progress.advance()
    return {"sha256": certificate.pdf_sha256}
