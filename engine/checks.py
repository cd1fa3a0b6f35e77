"""Settings that contradict each other stop the start, not a customer's request."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connections
from django.http.request import validate_host

LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "*"}


@register(Tags.compatibility)
def check_celery(app_configs, **more):
    """The broker carries hints: nothing is stored there, and no task outlives its message."""
    found = []
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    if options.get("visibility_timeout", 3600) <= settings.CELERY_TASK_TIME_LIMIT:
        found.append(
            Error(
                "CELERY_TASK_TIME_LIMIT must be below the visibility_timeout of the broker.",
                hint="Otherwise a long task is started again while it runs.",
                id="engine.E001",
            )
        )
    if settings.CELERY_RESULT_BACKEND is not None or not settings.CELERY_TASK_IGNORE_RESULT:
        found.append(
            Error(
                "There must be no result backend.",
                hint="A broker that is away would cost each request 19 seconds.",
                id="engine.E002",
            )
        )
    if (
        not {"socket_connect_timeout", "socket_timeout"} <= options.keys()
        or settings.CELERY_TASK_PUBLISH_RETRY
    ):
        found.append(
            Error(
                "Publishing a hint must be bounded.",
                hint="Set socket_connect_timeout and socket_timeout, and CELERY_TASK_PUBLISH_RETRY=False.",
                id="engine.E003",
            )
        )
    return found


@register(Tags.database)
def check_driver(app_configs, databases=None, **more):
    """Django prefers psycopg 3 without a word when some package brings it along."""
    module = connections["default"].Database.__name__  # type: ignore[attr-defined]  # the stubs do not know it
    if module == "psycopg2":
        return []
    return [
        Error(f"The database driver is {module}, not psycopg2.", hint="Remove psycopg 3.", id="engine.E004")
    ]


@register(Tags.security)
def check_production(app_configs, **more):
    """Production has a secret, hosts and a site URL of its own."""
    if not settings.PRODUCTION:
        return []
    found = []
    if settings.SECRET_KEY.startswith("insecure-") or len(settings.SECRET_KEY) < 50:
        found.append(Error("SECRET_KEY must be set, to 50 characters or more.", id="engine.E005"))
    made = settings.DATA_DIR / "secret"
    if made.is_file() and made.read_text().strip() == settings.SECRET_KEY:
        found.append(
            Error("SECRET_KEY must be production's own, not the one that a trial run made.", id="engine.E010")
        )
    if LOCAL_HOSTS & set(settings.ALLOWED_HOSTS) or not settings.ALLOWED_HOSTS:
        found.append(Error("ALLOWED_HOSTS must name the hosts of this site, and no other.", id="engine.E006"))
    if not settings.SITE_URL.startswith("https://") or "localhost" in settings.SITE_URL:
        found.append(Error("SITE_URL must be the https address of this site.", id="engine.E007"))
    elif not validate_host(urlsplit(settings.SITE_URL).hostname or "", settings.ALLOWED_HOSTS):
        found.append(Error("The host of SITE_URL must be one that ALLOWED_HOSTS allows.", id="engine.E009"))
    if settings.DEBUG:
        found.append(Error("DEBUG must be off.", id="engine.E008"))
    return found
