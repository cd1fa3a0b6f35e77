"""What each role may do with people, teams, tokens and the organisation."""

import rules

from accounts.models.people import Role
from accounts.permissions import everybody, is_admin, is_manager, is_self, leads_all, reads_spine
from accounts.visibility import colleague_ids


@rules.predicate
def manages_rep(user, profile):
    """The rep works in a team that the manager belongs to or heads."""
    return profile is None or profile.user_id in colleague_ids(user)


@rules.predicate
def own_rep_profile(user, profile):
    """The rep profile is the user's."""
    return profile is None or profile.user_id == user.pk


@rules.predicate
def owns_token(user, token):
    """The token acts as the user."""
    return token is None or token.user_id == user.pk


@rules.predicate
def is_service_account(user, person):
    """The person is a machine."""
    return person is None or person.role == Role.SERVICE


PERMISSIONS = {
    "accounts.view_user": reads_spine,
    "accounts.manage_people": is_admin,
    "accounts.change_profile": everybody & is_self,
    "accounts.view_team": reads_spine,
    "accounts.change_team": leads_all,
    "accounts.change_repprofile": leads_all | (is_manager & manages_rep),
    "accounts.add_absence": leads_all | (is_manager & manages_rep) | (everybody & own_rep_profile),
    "accounts.change_organisation": is_admin,
    "accounts.view_setup": leads_all,
    "accounts.change_calendar": leads_all,
    "accounts.view_apitoken": everybody & (is_admin | owns_token),
    "accounts.issue_apitoken": (everybody & is_self) | (is_admin & is_service_account),
    "accounts.revoke_apitoken": everybody & (is_admin | owns_token),
    "engine.view_delivery": is_admin,
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)
