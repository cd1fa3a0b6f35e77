"""Addresses of the shell."""

from django.urls import path

from ui import views

app_name = "ui"
urlpatterns = [
    path("gallery/", views.gallery, name="gallery"),
    path("offline/", views.offline, name="offline"),
    path("theme/", views.theme, name="theme"),
    path("language/", views.language, name="language"),
]
