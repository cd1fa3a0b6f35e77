"""Addresses of signing in, of people and of the organisation."""

from django.urls import path

from accounts.views import house, memberships, passwords, people, profile, saved, setup, sign_in, teams

app_name = "accounts"
DOORS = [
    path("login/", sign_in.login, name="login"),
    path("logout/", sign_in.logout, name="logout"),
    path("login/demo/", sign_in.demo_login, name="demo-login"),
    path("password/forgotten/", passwords.forgot, name="forgot"),
    path("password/set/<str:uid>/<str:token>/", passwords.set_password, name="set-password"),
    path("password/", passwords.change_password, name="change-password"),
    path("welcome/<str:token>/", passwords.first_admin, name="first-admin"),
    path("account/", profile.profile, name="profile"),
    path("account/tokens/", profile.token_new, name="token-new"),
    path("account/tokens/<int:pk>/revoke/", profile.token_revoke, name="token-revoke"),
]
PEOPLE = [
    path("people/", people.people_list, name="people"),
    path("people/new/", people.person_new, name="person-new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/edit/", people.person_edit, name="person-edit"),
    path("people/<int:pk>/link/", people.person_link, name="person-link"),
    path("people/<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<int:pk>/reactivate/", people.reactivate, name="reactivate"),
    path("people/<int:owner>/tokens/", profile.token_new, name="machine-token-new"),
    path("people/<int:pk>/rep/", people.rep_edit, name="rep-edit"),
    path("people/<int:pk>/absences/", people.absence_new, name="absence-new"),
    path("people/<int:pk>/absences/<int:absence>/delete/", people.absence_delete, name="absence-delete"),
]
HOUSE = [
    path("views/<slug:page>/save/", saved.view_save, name="view-save"),
    path("views/<int:pk>/forget/", saved.view_forget, name="view-forget"),
    path("setup/", setup.setup, name="setup"),
    path("teams/", teams.team_list, name="team-list"),
    path("teams/new/", teams.team_new, name="team-new"),
    path("teams/<int:pk>/", teams.team, name="team"),
    path("teams/<int:pk>/edit/", teams.team_edit, name="team-edit"),
    path("teams/<int:pk>/people/", memberships.team_people, name="team-people"),
    path("teams/<int:pk>/people/<int:planned>/delete/", memberships.plan_delete, name="team-plan-delete"),
    path("calendars/new/", teams.calendar_new, name="calendar-new"),
    path("calendars/<int:pk>/", teams.calendar, name="calendar"),
    path("calendars/<int:pk>/days/", teams.day_new, name="day-new"),
    path("calendars/<int:pk>/days/<int:day>/delete/", teams.day_delete, name="day-delete"),
    path("organisation/", house.organisation, name="organisation"),
    path("organisation/segments/", house.axis_new, {"axis": "segments"}, name="segment-new"),
    path("organisation/regions/", house.axis_new, {"axis": "regions"}, name="region-new"),
]
urlpatterns = DOORS + PEOPLE + HOUSE
