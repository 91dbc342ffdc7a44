"""Pages of certificates: one's own, revoking, and the public check."""

from .certificates import detail, mine, pdf
from .revocations import decide, revocations, revoke
from .verification import verify, verify_code

__all__ = ["decide", "detail", "mine", "pdf", "revocations", "revoke", "verify", "verify_code"]
