"""Addresses of what stands at accounts, what they complain of, how to speak with their people, and what to do next."""

from django.urls import path

from leads.views import complaining, guiding, logging, my_day, taps, units

ACCOUNTS = [
    path("complaints/", complaining.complaint_list, name="complaint-list"),
    path("complaints/<int:pk>/close/", complaining.complaint_close, name="complaint-close"),
    path("complaints/<int:pk>/reopen/", complaining.complaint_reopen, name="complaint-reopen"),
    path("my-day/usage/", my_day.use, name="usage-cards"),
    path("leads/<int:pk>/next/", guiding.lead_next, name="lead-next"),
    path("deals/<int:pk>/next/", guiding.deal_next, name="deal-next"),
    path("companies/<int:pk>/next/", guiding.company_next, name="company-next"),
    path("contacts/<int:pk>/again/", logging.contact_again, name="contact-again"),
    path("contacts/<int:pk>/notes/", logging.contact_note, name="contact-note"),
    path("taps/<int:pk>/undo/", taps.tap_undo, name="tap-undo"),
    path("contacts/<int:pk>/ways/", guiding.contact_ways, name="contact-ways"),
    path("units/", units.unit_list, name="unit-list"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/propose/", units.unit_propose, name="unit-propose"),
    path("companies/<int:pk>/units/", units.company_units, name="company-units"),
    path("companies/<int:pk>/usage/", units.company_close, name="usage-close"),
]
