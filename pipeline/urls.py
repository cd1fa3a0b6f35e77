"""Addresses of the spine."""

from django.urls import path

from pipeline.many import CAMPAIGNS as MANY_CAMPAIGNS
from pipeline.many import COMPANIES as MANY_COMPANIES
from pipeline.views import (
    account_people,
    campaign,
    campaigns,
    companies,
    contacts,
    fields,
    products,
    rates,
    registrations,
    stages,
    voice,
)

app_name = "pipeline"
CAMPAIGNS = [
    path("campaigns/", campaigns.campaign_list, name="campaign-list"),
    path("campaigns/new/", campaigns.campaign_new, name="campaign-new"),
    path("campaigns/<int:pk>/", campaign.campaign, name="campaign"),
    path("campaigns/<int:pk>/edit/", campaigns.campaign_edit, name="campaign-edit"),
    path("campaigns/<int:pk>/edit/<slug:field>/", campaigns.campaign_field, name="campaign-field"),
    path("campaigns/<int:pk>/spend/", campaign.spend_new, name="spend-new"),
    path("campaigns/<int:pk>/spend/<int:spend>/", campaign.spend_edit, name="spend-edit"),
    path("campaigns/<int:pk>/spend/<int:spend>/delete/", campaign.spend_delete, name="spend-delete"),
]
COMPANIES = [
    path("companies/", companies.company_list, name="company-list"),
    path("companies/new/", companies.company_new, name="company-new"),
    path("companies/<int:pk>/", companies.company, name="company"),
    path("companies/<int:pk>/edit/", companies.company_edit, name="company-edit"),
    path("companies/<int:pk>/edit/<slug:field>/", companies.company_field, name="company-field"),
    path("companies/<int:pk>/steps/", companies.step_new, name="company-step-new"),
    path("companies/<int:pk>/people/", account_people.person_new, name="account-person-new"),
    path(
        "companies/<int:pk>/people/<int:person>/remove/",
        account_people.person_remove,
        name="account-person-remove",
    ),
    path("companies/<int:pk>/files/", companies.file_new, name="company-file-new"),
    path("companies/<int:pk>/files/<int:file>/", companies.file, name="company-file"),
    path("contacts/<int:pk>/", contacts.contact, name="contact"),
    path("contacts/<int:pk>/edit/", contacts.contact_edit, name="contact-edit"),
    path("contacts/<int:pk>/files/<int:file>/", contacts.file, name="contact-file"),
]
PRODUCTS = [
    path("products/", products.product_list, name="product-list"),
    path("products/new/", products.product_new, name="product-new"),
    path("products/<int:pk>/", products.product, name="product"),
    path("products/<int:pk>/costs/", products.cost_new, name="cost-new"),
    path("rates/", rates.rate_list, name="rates"),
    path("rates/<int:pk>/", rates.rate_edit, name="rate"),
    path("rates/<int:pk>/delete/", rates.rate_delete, name="rate-delete"),
]
REGISTRATIONS = [
    path("registrations/", registrations.registration_list, name="registrations"),
    path("registrations/new/", registrations.registration_new, name="registration-new"),
    path("registrations/<int:pk>/", registrations.registration, name="registration"),
]
VOICE = [
    path("voice/", voice.house, name="voice"),
    path("voice/check/", voice.check, name="voice-check"),
    path("voice/said/", voice.said, name="voice-said"),
    path("voice/sheet/<int:product>/", voice.sheet, name="voice-sheet"),
    path("voice/new/", voice.statement_new, name="statement-new"),
    path("voice/<int:pk>/reword/", voice.statement_reword, name="statement-reword"),
    path("voice/<int:pk>/sign/", voice.sign, name="statement-sign"),
    path("voice/<int:pk>/retire/", voice.retire, name="statement-retire"),
]
SETUP = [*fields.FIELDS.urls(), *stages.STAGES.urls(), *stages.REASONS.urls()]
MANY = [*MANY_CAMPAIGNS.urls(), *MANY_COMPANIES.urls()]
urlpatterns = MANY + CAMPAIGNS + COMPANIES + PRODUCTS + REGISTRATIONS + VOICE + SETUP
