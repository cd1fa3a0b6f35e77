"""App config of leads: its reference rows come back after every migrate."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class LeadsConfig(AppConfig):
    name = "leads"
    verbose_name = _("Leads")

    def ready(self):
        from leads import recipes, reference

        post_migrate.connect(_ensure(recipes), sender=self, weak=False, dispatch_uid="leads.recipes")
        post_migrate.connect(_ensure(reference), sender=self, weak=False, dispatch_uid="leads.reference")


def _ensure(reference):
    """The receiver; a partly migrated database (migrate leads zero) has nowhere to put the rows."""

    def receive(using, plan=(), **kwargs):
        if not any(backwards for _, backwards in plan):
            reference.ensure(using)

    return receive
