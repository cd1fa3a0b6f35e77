"""Addresses of the reports."""

from django.urls import path

from reports.views import attention, dashboard, models, returns

app_name = "reports"
urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/campaigns/", returns.campaigns, name="campaigns"),
    path("dashboard/models/", models.models, name="models"),
    path("exceptions/", attention.exceptions, name="exceptions"),
    path("dashboard/behind/<slug:name>/", dashboard.listed, name="behind"),
    path("campaigns/<int:pk>/return/", returns.campaign_return, name="campaign-return"),
]
