"""App config of engine."""

from django.apps import AppConfig


class EngineConfig(AppConfig):
    name = "engine"
