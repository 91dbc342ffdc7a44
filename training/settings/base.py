"""Settings shared by every place the project runs in."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _
from environs import Env

from .csp import CMS_CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY  # noqa: F401  # settings are read by name
from .single_sign_on import providers

env = Env()
BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))

SECRET_KEY = env.str("SECRET_KEY", "")
DEBUG = False
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])

INSTALLED_APPS = [
    # ours, highest floor first, so that our templates win
    "cms",
    "mentors",
    "courses",
    "assessments",
    "training.certificates",
    "training.authorisations",
    "training.competencies",
    "training.matters",
    "training.accountability",
    "training.notices",
    "training.people",
    "training.operations",
    "training.lib",
    # Wagtail
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.typed_table_block",
    "wagtail.locales",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    # forms, accounts, jobs
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "lucide",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "training.people.apps.LoggedSessionsConfig",
    # Django
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "training.lib.security.PathCSPMiddleware",
    "training.lib.addresses.ActingAddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "training.people.middleware.SessionLimitsMiddleware",
    "training.people.middleware.LanguageMiddleware",
    "cms.middleware.FirstRunMiddleware",
    "training.lib.access.SignInMiddleware",
    "training.people.middleware.GateMiddleware",
    "training.lib.access.AccessMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "training.urls"
WSGI_APPLICATION = "training.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "training" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "training.navigation.navigation",
            ],
            "builtins": ["training.lib.templatetags.words"],
        },
    },
]

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'training.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Measured under 200 clients that save answers: without WAL and IMMEDIATE half the writes are lost. FULL: what was
    # committed is on the disk, so that an answer that was acknowledged outlives a power failure.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # one that the server has dropped is replaced, not an error page
    # A server that does not answer is an error page, or a 503 of /readyz, after five seconds.
    DATABASES["default"]["OPTIONS"] = {"connect_timeout": 5, **DATABASES["default"].get("OPTIONS", {})}

AUTH_USER_MODEL = "people.User"
# Staff number with password or one-time code: no other way to name somebody is asked.
AUTHENTICATION_BACKENDS = ["training.people.backends.StaffBackend"]
# Length and no common password is what protects. Audits may ask for more: kinds of characters, a greatest age.
PASSWORD_MIN_LENGTH = env.int("PASSWORD_MIN_LENGTH", 8)
PASSWORD_CHARACTER_KINDS = env.int("PASSWORD_CHARACTER_KINDS", 0)
PASSWORD_MAX_AGE_DAYS = env.int("PASSWORD_MAX_AGE_DAYS", 0)
# The first is what is written; whatever else stands is made anew when its owner next signs in.
PASSWORD_HASHERS = ["training.people.hashers.Argon2id", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "training.people.passwords.LengthValidator",
        "OPTIONS": {"min_length": PASSWORD_MIN_LENGTH},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("staff_number", "latin_name", "email")},
    },
    {
        "NAME": "training.people.passwords.CharacterKindsValidator",
        "OPTIONS": {"kinds": PASSWORD_CHARACTER_KINDS},
    },
]
LOGIN_CODE_DAYS = env.int("LOGIN_CODE_DAYS", 14)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_ADAPTER = "training.people.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "staff_number"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_SESSION_REMEMBER = False
# Tries are counted by our own door (training/people/doors.py): failures, not people. A hall of two hundred signs in
# from one address at half past eight. What is left here limits second factors, for each account.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/5m/key"}
LOGIN_FAILURES_PER_ADDRESS = env.int("LOGIN_FAILURES_PER_ADDRESS", 300)
# How many proxies of ours stand before the server: so many entries of X-Forwarded-For are believed, from the right.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
# A session ends when nobody used it for this long, and at this age in any case. Below two hours, and an exam that
# went on without a connection would end at the login.
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_MINUTES", 180) * 60
SESSION_ABSOLUTE_SECONDS = env.int("SESSION_ABSOLUTE_HOURS", 12) * 60 * 60
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Second factors. Who holds one of these roles opens nothing before they have set one up.
SECOND_FACTOR_ROLES = env.list("SECOND_FACTOR_ROLES", [])
MFA_ADAPTER = "training.people.second_factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Single sign-on: which claim or attribute holds the staff number, and who is asked (none by default).
SSO_STAFF_NUMBER = env.str("SSO_STAFF_NUMBER", "staff_number")
SOCIALACCOUNT_PROVIDERS = providers(env)
SOCIALACCOUNT_ADAPTER = "training.people.single_sign_on.SsoAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link: our pages' forms may lead nowhere else (settings/csp.py)
SOCIALACCOUNT_STORE_TOKENS = False
DEVICES_COOKIE_NAME = "devices"
EXAM_DEVICE_COOKIE_NAME = "exam-device"
CSRF_FAILURE_VIEW = "training.people.errors.csrf_failure"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
WAGTAIL_I18N_ENABLED = True
WAGTAIL_ALLOW_UNICODE_SLUGS = False  # `cms.models.base` makes addresses of Chinese titles
LOCALE_PATHS = [BASE_DIR / "training" / "locale"]
TIME_ZONE = env.str("TIME_ZONE", "Asia/Shanghai")
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "training" / "static"]
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"
# Certificates and other personal files: never under a public address, served only by a view that checks.
PRIVATE_ROOT = VAR_DIR / "private"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "training.lib.staticfiles.JoiningStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

# Widgets are drawn by the same templates as pages, so that ours (components/texts_widget.html) are found.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Shared by every process of this machine, or limits on tries would count for each of them alone.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": VAR_DIR / "cache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Below this much room for files and database /readyz says that the platform is not ready.
DISK_FREE_LIMIT_MB = env.int("DISK_FREE_LIMIT_MB", 500)
# Days after their end that result files of jobs and the worker's own rows are kept.
JOB_FILES_KEPT_DAYS = env.int("JOB_FILES_KEPT_DAYS", 7)
TASKS_KEPT_DAYS = env.int("TASKS_KEPT_DAYS", 7)
# What the tick runs, by dotted name: it knows nobody. Every round, or ("name", "hourly"), ("name", "daily at 3:00").
TICK_TASKS = [
    "assessments.tasks.finalise_due",
    "assessments.tasks.open_next_parts",
    "assessments.tasks.release_due",
    ("assessments.tasks.discard_expired_uploads", "hourly"),
    ("assessments.tasks.discard_unused_media", "daily at 3:00"),
    ("courses.tasks.keep_rules_up", "hourly"),
    ("courses.tasks.remind", "daily at 6:00"),
    "cms.tasks.publish_due",
    ("cms.tasks.discard_expired_imports", "daily at 3:00"),
    ("cms.tasks.forget_unshown_files", "daily at 3:00"),
    "training.operations.tasks.seal_events",
    "training.notices.tasks.plan_digest",
    "training.notices.tasks.send_due",
    "training.accountability.tasks.discard_expired_copies",
    ("training.accountability.tasks.purge", "daily at 2:00"),
    "training.people.tasks.mirror_roles",
    "training.people.tasks.discard_expired_uploads",
    "training.people.tasks.discard_expired_slips",
    "training.operations.tasks.reap",
    ("training.operations.tasks.prune", "daily at 3:00"),
]
# Who tells what is kept about a person, by dotted name, in the order of the copy: what gathers it knows nobody.
PERSONAL_DATA = [
    "training.people.personal.parts",
    "courses.personal.parts",
    "assessments.personal.parts",
    "training.competencies.personal.parts",
    "mentors.personal.parts",
    "training.authorisations.personal.parts",
    "training.certificates.personal.parts",
    "training.notices.personal.parts",
    "training.accountability.personal.parts",
]
# What becomes of each app's rows when somebody is made anonymous, by dotted name, the highest floor first.
ERASURE = [
    "cms.erasing.kinds",
    "mentors.erasing.kinds",
    "courses.erasing.kinds",
    "assessments.erasing.kinds",
    "training.certificates.erasing.kinds",
    "training.authorisations.erasing.kinds",
    "training.competencies.erasing.kinds",
    "training.matters.erasing.kinds",
    "training.accountability.erasing.kinds",
    "training.notices.erasing.kinds",
    "training.people.erasing.kinds",
    "training.operations.erasing.kinds",
]
# What each app keeps for how long, by dotted name.
RETENTION = [
    "assessments.retention.kinds",
    "training.accountability.retention.kinds",
    "training.notices.retention.kinds",
    "training.people.retention.kinds",
    "training.operations.retention.kinds",
]

# An empty installation leads every address to its set-up assistant.
FIRST_RUN = True
# The lists HR brings in from files, by dotted name; what others stand on comes first.
IMPORTS = [
    "training.people.imports.DepartmentImport",
    "training.people.imports.PositionImport",
    "training.people.imports.WindowImport",
    "training.people.imports.StaffImport",
    "training.matters.imports.WindowMatterImport",
    "training.competencies.imports.TargetImport",
    "training.people.imports.HolidayImport",
    "training.people.imports.RosterImport",
    "courses.imports.PastTrainingImport",
    "courses.imports.AttendanceImport",
]

# What the staff list can be narrowed by beyond what staff records know, by dotted name.
STAFF_FILTERS = ["training.competencies.queries.falling_short.staff_filters"]
# What is handed over when somebody leaves, by dotted name: staff records know nobody above them.
WHEN_SOMEBODY_LEAVES = ["mentors.services.hand_over", "courses.services.learning.waive_open"]
# Class hours of 45 minutes asked of everybody in a year.
LEARNING_HOURS_TARGET = env.int("LEARNING_HOURS_TARGET", 40)
# Minutes before a training session begins and after it ends in which people mark themselves present.
CHECK_IN_MINUTES_BEFORE = env.int("CHECK_IN_MINUTES_BEFORE", 30)
CHECK_IN_MINUTES_AFTER = env.int("CHECK_IN_MINUTES_AFTER", 15)
# Minutes after the beginning from which whoever comes is late.
LATE_AFTER_MINUTES = env.int("LATE_AFTER_MINUTES", 10)
# What follows when somebody comes, moves or is lent, by dotted name.
WHEN_SOMEBODY_MOVES = ["courses.services.requiring.keep_person_up"]

# Ways to tell people beyond their inbox, by dotted name, and what those channels need.
NOTICE_CHANNELS: list[str] = env.list("NOTICE_CHANNELS", [])
NOTICE_TIMEOUT_SECONDS = 10
NOTICE_WEBHOOK_URL = env.str("NOTICE_WEBHOOK_URL", "")
NOTICE_WEBHOOK_FORMAT = env.str("NOTICE_WEBHOOK_FORMAT", "generic")
NOTICE_WEBHOOK_SECRET = env.str("NOTICE_WEBHOOK_SECRET", "")
# The weekly digest: Monday is 1, the hour is the centre's.
NOTICE_DIGEST_WEEKDAY = env.int("NOTICE_DIGEST_WEEKDAY", 1)
NOTICE_DIGEST_HOUR = env.int("NOTICE_DIGEST_HOUR", 8)
# Notices that were read are forgotten after so many months, unless the page of retention rules says otherwise.
NOTICE_KEEP_MONTHS = env.int("NOTICE_KEEP_MONTHS", 24)
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = NOTICE_TIMEOUT_SECONDS
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "webmaster@localhost")

WAGTAIL_SITE_NAME = "Training"
WAGTAILADMIN_BASE_URL = env.str("PUBLIC_URL", "http://127.0.0.1:8000")
# Printed on certificates and coded in their QR: never taken from the Host header.
PUBLIC_URL = env.str("PUBLIC_URL", "http://127.0.0.1:8000")
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
# Nobody has the right to publish: the workflow's last approval does.
WAGTAIL_FINISH_WORKFLOW_ACTION = "cms.approval.publish_approved"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Wagtail shows its previews in frames of our own, so the check that asks for DENY has its answer here.
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = ["security.W019"]

# Problems only, one line each. What was asked for in vain stays out: addresses hold staff numbers.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "training.lib.logs.OneLine",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},
    },
}
