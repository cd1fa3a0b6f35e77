"""App config of ui."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "ui"
