"""The engine room's pages, for administrators."""

from django.urls import path

from engine import views

app_name = "engine"
urlpatterns = [
    path("outbox/", views.deliveries, name="outbox"),
    path("outbox/retry/", views.retry, name="retry"),
    path("mail/", views.mails, name="mails"),
    path("mail/<slug:name>/", views.mail, name="mail"),
]
