"""Addresses of the reports."""

from django.urls import path

from reports.views import (
    attention,
    budget,
    dashboard,
    digest,
    forecast,
    funnel,
    glance,
    mine,
    models,
    months,
    packs,
    returns,
    sides,
    targets,
)
from reports.views import attention, budget, dashboard, funnel, models, months, packs, returns, segments, targets
from reports.views import attention, budget, dashboard, funnel, models, months, packs, returns, segments, shifts, targets

from reports.views import (
    attention,
    budget,
    dashboard,
    effects,
    funnel,
    models,
    months,
    packs,
    returns,
    segments,
    shifts,
    targets,
)

app_name = "reports"
urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/campaigns/", returns.campaigns, name="campaigns"),
    path("dashboard/glance/", glance.glance, name="glance"),
    path("dashboard/agreement/", sides.sides, name="sides"),
    path("dashboard/digest/", digest.digest, name="digest"),
    path("dashboard/mine/", mine.mine, name="mine"),
    path("dashboard/funnel/", funnel.funnel, name="funnel"),
    path("dashboard/forecast/", forecast.page, name="forecast"),
    path("dashboard/budget/", budget.budget, name="budget"),
    path("dashboard/targets/", targets.matrix, name="targets"),
    path("dashboard/segments/", segments.segments, name="segments"),
    path("dashboard/segments/<int:pk>/<slug:name>/", segments.segment, name="segment"),
    path("dashboard/shifts/", shifts.simulator, name="shifts"),
    path("dashboard/shifts/keep/", shifts.keep, name="shift-keep"),
    path("dashboard/shifts/<int:pk>/", shifts.shift, name="shift"),
    path("dashboard/shifts/<int:pk>/look/", shifts.look, name="shift-look"),
    path("dashboard/models/", models.models, name="models"),
    path("dashboard/months/", months.months, name="months"),
    path("dashboard/months/<slug:key>/", months.month, name="month"),
    path("dashboard/months/<slug:key>/close/", months.close, name="month-close"),
    path("dashboard/months/<slug:key>/reopen/", months.reopen, name="month-reopen"),
    path("dashboard/months/<slug:key>/comment/", packs.comment, name="month-comment"),
    path("dashboard/months/<slug:key>/pack/", packs.pack, name="month-pack"),
    path("exceptions/", attention.exceptions, name="exceptions"),
    path("dashboard/models/lock/", models.lock, name="lock"),
    path("dashboard/behind/<slug:name>/", dashboard.listed, name="behind"),
    path("campaigns/<int:pk>/effect/", effects.effect, name="effect"),
    path("campaigns/<int:pk>/effect/draw/", effects.draw, name="effect-draw"),
    path("campaigns/<int:pk>/audience/", effects.audience, name="audience"),
    path("campaigns/<int:pk>/return/", returns.campaign_return, name="campaign-return"),
]
