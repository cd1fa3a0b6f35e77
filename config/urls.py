"""The roof's map: which app answers where."""

from django.urls import include, path

from engine.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("ui/", include("ui.urls")),
]

handler500 = "engine.outages.server_error"
