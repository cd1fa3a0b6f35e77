"""Every setting, read from the environment. `manage.py up` and the tests fill in what is unset.

DATABASE_URL names the runtime role, DATABASE_OWNER_URL (default the same) the role that migrates and erases.
"""

from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

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
    "lucide",
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
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "pghistory.middleware.HistoryMiddleware",  # who changed a record, beside what changed
    "accounts.middleware.LocalityMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ui.middleware.FragmentCacheMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "ui.forms.FormRenderer"
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

# -- broker: carries hints only, so every publish is bounded and no result is ever stored -------------
REDIS_URL = env("REDIS_URL", default="redis://localhost:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 0.5
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 1.0,
    "retry_on_timeout": False,
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
    "visibility_timeout": 300,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_TASK_DEFAULT_QUEUE = "score"
CELERY_TASK_ROUTES = {
    "leads.tasks.score": {"queue": "score"},
    "leads.tasks.assign": {"queue": "assign"},
    "leads.tasks.expire": {"queue": "assign"},
    "leads.tasks.import_files": {"queue": "import"},
    "leads.tasks.look_ahead": {"queue": "import"},
    "leads.tasks.compare": {"queue": "import"},
    "reports.tasks.rollup": {"queue": "rollup"},
    "engine.tasks.deliver": {"queue": "deliver"},
}
CELERY_BEAT_SCHEDULE = {
    "score": {"task": "leads.tasks.score", "schedule": 5.0, "options": {"expires": 5}},
    "assign": {"task": "leads.tasks.assign", "schedule": 5.0, "options": {"expires": 5}},
    "expire": {"task": "leads.tasks.expire", "schedule": 5.0, "options": {"expires": 5}},
    "rollup": {"task": "reports.tasks.rollup", "schedule": 2.0, "options": {"expires": 2}},
    "deliver": {"task": "engine.tasks.deliver", "schedule": 5.0, "options": {"expires": 5}},
    "import": {"task": "leads.tasks.import_files", "schedule": 5.0, "options": {"expires": 5}},
    "look": {"task": "leads.tasks.look_ahead", "schedule": 5.0, "options": {"expires": 5}},
    "compare": {"task": "leads.tasks.compare", "schedule": 10.0, "options": {"expires": 10}},
    "tidy": {"task": "engine.tasks.tidy", "schedule": crontab(minute=17, hour=3)},
}
# What is due, by name, so that the engine never imports a business app. Each callable takes no argument,
# does one bounded batch of what it finds due and returns how many rows it finished (0: nothing was due).
SWEEP = {
    "score": "leads.scoring.score_due",
    "expire": "leads.handoffs.expire_due",
    "assign": "leads.assignment.assign_due",
    "rollup": "reports.rollups.roll_due",
    "deliver": "engine.outbox.deliver_due",
    "import": "leads.importing.run_due",
    "look": "leads.importing.look_due",
    "undo": "leads.importing.undo_due",
    "compare": "leads.dedupe.compare_due",
}

# Who carries out which kind of delivery of the outbox: fn(payload, delivery_id), raises when it could not.
OUTBOX = {"mail": "engine.mailing.send"}
# What `manage.py up` tells once it serves: the first admin's link ("" when there is somebody) and the demo's
# lines, with a login for each role.
FIRST_ADMIN_LINK = "accounts.invitations.first_admin_link"
DEMO_GREETING = "demo.logins.greeting"

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
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
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

# -- menu: at most five entries a role; rooms that have not landed are left out silently (ui.menu) --------
MENU = [
    {"label": _("Today"), "url": "leads:today", "icon": "sun", "roles": ["marketing"]},
    {"label": _("My day"), "url": "leads:my-day", "icon": "sun", "roles": ["sales"]},
    {
        "label": _("Dashboard"),
        "url": "reports:dashboard",
        "icon": "layout-dashboard",
        "roles": ["manager", "admin", "finance"],
    },
    {
        "label": _("Campaigns"),
        "url": "pipeline:campaign-list",
        "icon": "megaphone",
        "roles": ["marketing", "admin", "finance"],
    },
    {"label": _("Lead desk"), "url": "leads:desk", "icon": "inbox", "roles": ["marketing", "admin"]},
    {"label": _("Leads"), "url": "leads:lead-list", "icon": "users", "roles": ["sales", "marketing"]},
    {
        "label": _("Deals"),
        "url": "leads:deal-list",
        "icon": "kanban",
        "roles": ["sales", "manager", "admin", "finance"],
    },
    {"label": _("Pool"), "url": "leads:pool", "icon": "waves-horizontal", "roles": ["sales"], "level": 2},
    {"label": _("Dashboard"), "url": "reports:dashboard", "icon": "layout-dashboard", "roles": ["marketing"]},
    {"label": _("Agreement"), "url": "leads:agreement", "icon": "handshake", "roles": ["manager"]},
    {"label": _("Teams"), "url": "accounts:team-list", "icon": "users-round", "roles": ["manager"]},
    {"label": _("Settings"), "url": "accounts:organisation", "icon": "settings", "roles": ["admin"]},
]
SEARCH_URL = "leads:search"
FILTERS_EMPTY_CHOICE_LABEL = _("any")

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
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
ATTACHMENT_MAX_BYTES = 20_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=200_000_000)
MAIL_DIR = DATA_DIR / "mail"
EMAIL_BACKEND = "engine.mailing.FolderBackend"
if env("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Tandem <tandem@localhost>")

# -- API ---------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "accounts.tokens.HasScope",
    ],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PARSER_CLASSES": ["engine.parsers.SafeJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["engine.renderers.OrjsonRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "engine.problems.exception_handler",
    # Rows of lists are plain values: serializers answer the same types, and the renderer writes them.
    "DATETIME_FORMAT": None,
    "DATE_FORMAT": None,
    "COERCE_DECIMAL_TO_STRING": False,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tandem API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "DealKindEnum": "pipeline.models.deals.DealKind",
        "HandoffKindEnum": "leads.models.handoffs.HandoffKind",
        "IdentityKindEnum": "pipeline.models.contacts.IdentityKind",
        "SpendKindEnum": "pipeline.models.campaigns.SpendKind",
        "TouchKindEnum": "leads.models.touches.TouchKind",
    },
}

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
