"""App config of engine."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from engine.roles import grant_runtime


class EngineConfig(AppConfig):
    name = "engine"

    def ready(self):
        """Grant the runtime role its rights after each migrate, and register the checks."""
        post_migrate.connect(grant_runtime, sender=self, dispatch_uid="engine.roles.grant_runtime")
