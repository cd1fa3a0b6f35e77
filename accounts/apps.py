"""App config of accounts: its reference rows come back after every migrate."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and organisation")

    def ready(self):
        from accounts import reference

        post_migrate.connect(_ensure(reference), sender=self, weak=False, dispatch_uid="accounts.reference")


def _ensure(reference):
    """The receiver; a partly migrated database (migrate accounts zero) has nowhere to put the rows."""

    def receive(using, plan=(), **kwargs):
        if not any(backwards for _, backwards in plan):
            reference.ensure(using)

    return receive
