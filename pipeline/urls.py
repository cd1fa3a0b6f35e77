"""Addresses of the spine."""

from django.urls import path

from pipeline.views import campaign, campaigns

app_name = "pipeline"
CAMPAIGNS = [
    path("campaigns/", campaigns.campaign_list, name="campaign-list"),
    path("campaigns/new/", campaigns.campaign_new, name="campaign-new"),
    path("campaigns/<int:pk>/", campaign.campaign, name="campaign"),
    path("campaigns/<int:pk>/edit/", campaigns.campaign_edit, name="campaign-edit"),
    path("campaigns/<int:pk>/spend/", campaign.spend_new, name="spend-new"),
    path("campaigns/<int:pk>/spend/<int:spend>/", campaign.spend_edit, name="spend-edit"),
    path("campaigns/<int:pk>/spend/<int:spend>/delete/", campaign.spend_delete, name="spend-delete"),
]
urlpatterns = CAMPAIGNS
