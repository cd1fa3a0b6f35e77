"""The product's addresses, and beside them the bare view that a list of the API is measured against."""

from django.urls import include, path

from bench.bare import leads

urlpatterns = [path("bench/leads/", leads), path("", include("config.urls"))]
