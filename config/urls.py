"""The roof's map: which app answers where."""

from django.urls import path

from engine.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
]

handler500 = "engine.outages.server_error"
