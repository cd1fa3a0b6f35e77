"""Addresses of signing in, of people and of the organisation."""

from django.urls import path

from accounts.views import passwords, profile, sign_in

app_name = "accounts"
urlpatterns = [
    path("login/", sign_in.login, name="login"),
    path("logout/", sign_in.logout, name="logout"),
    path("login/demo/", sign_in.demo_login, name="demo-login"),
    path("password/forgotten/", passwords.forgot, name="forgot"),
    path("password/set/<str:uid>/<str:token>/", passwords.set_password, name="set-password"),
    path("password/", passwords.change_password, name="change-password"),
    path("welcome/<str:token>/", passwords.first_admin, name="first-admin"),
    path("account/", profile.profile, name="profile"),
]
