"""App config of pipeline: its reference rows and the functions of history come back after every migrate."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PipelineConfig(AppConfig):
    name = "pipeline"
    verbose_name = _("Campaigns, companies, deals")

    def ready(self):
        from pipeline import histories, reference

        post_migrate.connect(_ensure(histories), sender=self, weak=False, dispatch_uid="pipeline.histories")
        post_migrate.connect(_ensure(reference), sender=self, weak=False, dispatch_uid="pipeline.reference")


def _ensure(reference):
    """The receiver; a partly migrated database (migrate pipeline zero) has nowhere to put the rows."""

    def receive(using, plan=(), **kwargs):
        if not any(backwards for _, backwards in plan):
            reference.ensure(using)

    return receive
