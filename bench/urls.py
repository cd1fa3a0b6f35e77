"""The product's addresses, and beside them the bare views that lists and pages are measured against."""

from django.urls import include, path

from bench.bare import leads, page, ready

urlpatterns = [
    path("bench/leads/", leads),
    path("bench/page/", page),
    path("bench/ready/", ready),
    path("", include("config.urls")),
]
