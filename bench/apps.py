"""App config of bench."""

from django.apps import AppConfig


class BenchConfig(AppConfig):
    name = "bench"
