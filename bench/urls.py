"""The product's addresses, and beside them the bare views that lists and pages are measured against."""

from django.urls import include, path

from bench.bare import leads, listed, shown

urlpatterns = [
    path("bench/leads/", leads),
    path("bench/<slug:kind>/", listed),
    path("bench/<slug:kind>/<int:pk>/", shown),
    path("", include("config.urls")),
]
