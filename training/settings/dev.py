"""The demo centre on one machine: SQLite, demo accounts, no mail."""

from .base import *  # noqa: F403
from .base import DATABASES

DEMO = True
SECRET_KEY = "demo-only-this-key-protects-nothing"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
NOTICE_CHANNELS = ["training.notices.channels.email.EmailChannel"]
DEFAULT_FROM_EMAIL = "training@binhai.example"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # passkeys at http://localhost
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A demo may lose its last moments when the power fails, and waits for no disk.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=NORMAL;"
