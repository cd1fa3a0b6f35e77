"""App config of engine."""

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from engine.checks import check_production
from engine.roles import grant_runtime


class EngineConfig(AppConfig):
    name = "engine"
    verbose_name = _("Engine room")

    def ready(self):
        """Grant the runtime role its rights after each migrate; refuse production on borrowed settings."""
        errors = check_production(None)
        if errors:
            raise ImproperlyConfigured(" ".join(error.msg for error in errors))
        post_migrate.connect(grant_runtime, sender=self, dispatch_uid="engine.roles.grant_runtime")
