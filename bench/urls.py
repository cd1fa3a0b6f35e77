"""The product's addresses, and beside them the bare views that lists and pages are measured against."""

from django.urls import include, path

from bench.bare import leads, page

urlpatterns = [
    path("bench/leads/", leads),
    path("bench/page/", page),
    path("", include("config.urls")),
]
