"""The reports in the REST API: the figures of the pages, by the same functions and under the same permissions."""

from django.urls import path

from reports.api import (
    booked,
    delays,
    effects,
    forecast,
    glance,
    mine,
    months,
    planning,
    quotas,
    reports,
    segments,
    shifts,
    sides,
)

urlpatterns = [
    path("dashboard/", reports.DashboardReport.as_view(), name="dashboard"),
    path("funnel/", reports.FunnelReport.as_view(), name="funnel"),
    path("cohorts/", planning.CohortsReport.as_view(), name="cohorts"),
    path("campaigns/", reports.CampaignReturns.as_view(), name="campaigns"),
    path("channels/", reports.ChannelReturns.as_view(), name="channels"),
    path("forecast/", forecast.Forecast.as_view(), name="forecast"),
    path("glance/", glance.Glance.as_view(), name="glance"),
    path("delays/", delays.DelaysReport.as_view(), name="delays"),
    path("sides/", sides.Sides.as_view(), name="sides"),
    path("mine/", mine.Mine.as_view(), name="mine"),
    path("budget/", planning.BudgetReport.as_view(), name="budget"),
    path("targets/", planning.Targets.as_view(), name="targets"),
    path("quotas/", quotas.Quotas.as_view(), name="quotas"),
    path("months/", months.Months.as_view(), name="months"),
    path("months/<slug:key>/", months.Month.as_view(), name="month"),
    path("months/<slug:key>/behind/<slug:name>/", booked.Booked.as_view(), name="month-figure"),
    path("months/<slug:key>/reopen/", months.Reopen.as_view(), name="month-reopen"),
    path("months/<slug:key>/pack/", months.Pack.as_view(), name="month-pack"),
    path("months/<slug:key>/comment/", months.Comment.as_view(), name="month-comment"),
    path("segments/", segments.SegmentsReport.as_view(), name="segments"),
    path("reallocation/", shifts.SimulationReport.as_view(), name="reallocation"),
    path("shifts/", shifts.Shifts.as_view(), name="shifts"),
    path("shifts/<int:pk>/", shifts.OneShift.as_view(), name="shift"),
    path("effects/<int:pk>/", effects.CampaignEffect.as_view(), name="effect"),
    path("effects/<int:pk>/audience/", effects.CampaignAudience.as_view(), name="audience"),
    path("models/", reports.ModelsReport.as_view(), name="models"),
    path("locks/", reports.Locks.as_view(), name="locks"),
]
