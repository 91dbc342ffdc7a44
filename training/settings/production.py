"""A real centre: everything that may differ comes from the environment, nothing is guessed."""

from .base import *  # noqa: F403
from .base import env

DEMO = False
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
PUBLIC_URL = WAGTAILADMIN_BASE_URL = env.str("PUBLIC_URL")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
# Whatever takes the encrypted connections stands before the server; without it this is 0.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 1)
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by the machine itself, without the proxy
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
SECOND_FACTOR_ROLES = env.list("SECOND_FACTOR_ROLES", ["hr", "examiner", "administrator"])
DEVICES_COOKIE_NAME = "__Host-devices"
EXAM_DEVICE_COOKIE_NAME = "__Host-exam-device"
