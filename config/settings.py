"""Every setting, read from the environment. `manage.py up` and the tests fill in what is unset.

DATABASE_URL names the runtime role, DATABASE_OWNER_URL (default the same) the role that migrates and erases.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.background import *  # noqa: F403
from config.menu import MENU  # noqa: F401
from config.places import PLACES, SETUP  # noqa: F401
from config.rest import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# -- where things are --------------------------------------------------------------------------------
DATA_DIR = Path(env("TANDEM_DATA", default=str(BASE_DIR / "var"))).resolve()
# A running `manage.py up` leaves its addresses here, so that commands beside it find its servers.
if (DATA_DIR / "environment").is_file():
    env.read_env(DATA_DIR / "environment")
DEBUG = env.bool("DEBUG", default=False)
PRODUCTION = env.bool("TANDEM_PRODUCTION", default=False)
SITE_URL = env("SITE_URL", default="http://localhost:8000")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# engine.checks refuses to start production without a secret, hosts and site URL of its own.
SECRET_KEY = env("SECRET_KEY", default="insecure-only-for-tests-and-commands-that-need-no-secret")
DEMO_LANGUAGE = env("DEMO", default="en")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "rules.apps.AutodiscoverRulesConfig",
    "axes",
    "pgtrigger",
    "pghistory",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "ui",
    "engine",
    "accounts",
    "pipeline",
    "leads",
    "reports",
    "demo",
    "bench",
]

MIDDLEWARE = [
    "engine.middleware.HostileInputMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads each page by a random length: no oracle for its token
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignInMiddleware",
    "pghistory.middleware.HistoryMiddleware",  # who changed a record, beside what changed
    "accounts.middleware.LocalityMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ui.middleware.FragmentCacheMiddleware",
    "engine.tracking.TrackingMiddleware",
    "axes.middleware.AxesMiddleware",
    "engine.resent.ResentMiddleware",  # the last: it calls the view
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "ui.markup.FormRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ui.context.look",
                "accounts.context.house",
            ],
        },
    },
]

# -- database ----------------------------------------------------------------------------------------
DATABASE_URL = env("DATABASE_URL", default="postgres://tandem@localhost/tandem")
DATABASE_OWNER_URL = env("DATABASE_OWNER_URL", default=DATABASE_URL)
RUNTIME_ROLE = env("TANDEM_RUNTIME_ROLE", default="tandem_app")
# Batch functions lift statement_timeout with SET LOCAL; pages and API calls keep these short bounds.
CONNECTION_OPTIONS = {
    "connect_timeout": 3,
    "options": "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000",
}


def _database(url, **more):
    named = env.db_url_config(url)
    return {
        **named,
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**CONNECTION_OPTIONS, **named.get("OPTIONS", {})},
        **more,
    }


DATABASES = {
    "default": _database(DATABASE_URL),
    "owner": _database(DATABASE_OWNER_URL, CONN_MAX_AGE=0, TEST={"MIRROR": "default"}),
    # For what others shall see while a long transaction is at work on "default".
    "aside": _database(DATABASE_URL, CONN_MAX_AGE=0, TEST={"MIRROR": "default"}),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

# -- broker: what it carries is in config/background.py ------------------------------------------------
REDIS_URL = env("REDIS_URL", default="redis://localhost:6379/0")
CELERY_BROKER_URL = REDIS_URL

# -- people ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "accounts.backends.PasswordBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.UnlikeThePerson"},
    {"NAME": "accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "accounts.passwords.Uncommon"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:login"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
# Without this axes looks for "email", finds nothing, and its lock never closes.
AXES_USERNAME_FORM_FIELD = "username"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_out"

# -- pages -------------------------------------------------------------------------------------------
SEARCH_URL = "leads:search"
# Sums by campaign and month that its list and page read, kept current by the rollups every two seconds.
CAMPAIGN_SUMS = "reports.CampaignMonth"
# Who tells where companies stand on the way to buying, for their list, page and API.
BUYING = "leads.buying"
# Who tells somebody that a step was planned for them.
STEP_PLANNED = "leads.notices.steps.planned"
# The facts of the structure that have dates, floor by floor (accounts.dated).
DATED = ("accounts.dated.people.FACTS", "pipeline.owners.FACTS", "leads.assignment.dated.FACTS")
# Who decides whether somebody who signs in is led to the first run, and where that is.
# What people need to do that floors above `leads` know of.
NEEDS = [
    "leads.telling.needs",
    "reports.growth.reminding.needs",
    "reports.rounds.reminding.needs",
    "reports.scorecard.saying.needs",
]
FIRST_RUN = ("leads.first_run.begins", "leads:first-run")
FILTERS_EMPTY_CHOICE_LABEL = _("Any")

# -- language and place ------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# -- static files, uploads, mail ---------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(DATA_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env(
            "STATICFILES_BACKEND", default="whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
ATTACHMENT_MAX_BYTES = 20_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=200_000_000)
# Hosts ("chat.office" or "chat.office:8443") that webhooks may reach although they are private or plain HTTP.
WEBHOOK_HOSTS = env.list("WEBHOOK_HOSTS", default=[])
MAIL_DIR = DATA_DIR / "mail"
EMAIL_BACKEND = "engine.mailing.FolderBackend"
if env("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Tandem <tandem@localhost>")

# -- security ----------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
TRUST_PROXY = env.bool("TRUST_PROXY", default=False)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if TRUST_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {"axes": {"level": "WARNING"}},
}
