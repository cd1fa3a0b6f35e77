"""The roof's map: which app answers where."""

from django.contrib import admin
from django.urls import include, path

from accounts.home import home
from accounts.views.sign_in import back_door
from engine.health import healthz
from ui.views import robots, service_worker

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/", include(("config.api", "api"))),  # before all pages: its addresses are asked most often
    path("sw.js", service_worker, name="service-worker"),
    path("robots.txt", robots, name="robots"),
    path("", home, name="home"),
    path("", include("accounts.urls")),
    path("", include("pipeline.urls")),
    path("", include("leads.urls")),
    path("", include("reports.urls")),
    path("admin/login/", back_door),
    path("admin/", admin.site.urls),
    path("ui/", include("ui.urls")),
    path("demo/", include("demo.urls")),
    path("engine/", include("engine.urls")),
]

handler400 = "engine.outages.bad_request"
handler403 = "engine.outages.permission_denied"
handler404 = "engine.outages.not_found"
handler500 = "engine.outages.server_error"
