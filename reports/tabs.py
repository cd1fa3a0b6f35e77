"""The tabs of the one dashboard: which pages there are, for whom, and from which level on."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import organisation
from accounts.doors import permitted


@dataclass(frozen=True)
class Tab:
    """A page of the dashboard; `permission` opens it, `level` is the first one that shows it."""

    page: str
    label: Promise
    permission: str = "reports.view_money"
    level: int = 1


TABS = (
    Tab("dashboard", _("Overview"), "reports.view_report"),
    Tab("glance", _("At a glance")),
    Tab("scorecard", _("Chiefs"), level=2),
    Tab("mine", _("My numbers"), "reports.view_mine"),
    Tab("funnel", _("Funnel"), "reports.view_report"),
    Tab("sides", _("Both sides"), "leads.view_agreement"),
    Tab("campaigns", _("Campaigns")),
    Tab("places", _("By region"), level=2),
    Tab("forecast", _("Forecast"), "reports.view_forecast", level=2),
    Tab("budget", _("Budget")),
    Tab("targets", _("Targets"), level=2),
    Tab("quotas", _("Quotas"), "reports.view_report", level=2),
    Tab("months", _("Months"), level=2),
    Tab("segments", _("Segments"), level=2),
    Tab("shifts", _("Shift spend"), level=3),
    Tab("models", _("Models"), level=3),
)


def shown(request, choice):
    """(label, address, is it this page?) of the tabs that the reader may open; the choice goes along."""
    level, here = organisation.current().level, request.resolver_match.url_name
    return [
        (str(tab.label), f"{reverse(f'reports:{tab.page}')}?{choice.query()}", tab.page == here)
        for tab in TABS
        if (tab.level <= level or tab.page == here) and permitted(request, tab.permission)
    ]
