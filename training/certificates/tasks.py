"""What the worker does for certificates."""

from training.operations.progress import Progress

from . import services


def render(*, progress: Progress, certificate_id: int) -> dict[str, str]:
    """Make and store the PDF of a certificate, unless it is there; return the hash kept with it.

    A certificate whose holder was made anonymous meanwhile has none.
    """
    progress.start(1)
    try:
        certificate = services.render(certificate_id)
    except services.NameForgotten:
        return {"sha256": ""}
    progress.advance()
    return {"sha256": certificate.pdf_sha256}
