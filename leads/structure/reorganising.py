"""A reorganisation: put together, looked at, planned, and taken back as one before its day."""

import rules
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import dated
from accounts.models import DatedFact, Reorganisation


class Refused(Exception):
    """The reorganisation cannot be planned or called off; the message says why."""


def permit(user, what, subject):
    """Raise PermissionDenied unless `user` may say of the subject (an object) what it is to be."""
    fact = dated.facts()[what]
    if not rules.has_perm(fact.permission, user, fact.guard(subject)):
        raise PermissionDenied


@transaction.atomic
def plan(reorganisation, by, at):
    """Its changes are to come into force at its day. Raises Refused, and PermissionDenied for whoever may not say all of them."""
    mine = Reorganisation.objects.filter(pk=reorganisation.pk, planned_at=None, called_off_at=None)
    if not reorganisation.changes:
        raise Refused(_("There is nothing in it yet."))
    if not mine.filter(since__gt=at).update(planned_at=at):
        raise Refused(_("It is planned or called off already, or its day has come."))
    for one in reorganisation.changes:
        what, pk, value = one["what"], one["subject"], one["value"]
        subject = _still(what, pk, value)
        permit(by, what, subject)
        if DatedFact.objects.of(what, pk).filter(since=reorganisation.since).exists():
            raise Refused(
                _("Something else is planned for that day: %(what)s, %(whom)s.")
                % {"what": dated.facts()[what].label, "whom": subject}
            )
        dated.note(what, pk, value, reorganisation.since, at, by=by, reorganisation=reorganisation)


def _still(what, pk, value):
    """The subject of a change that was drafted some time ago. Raises Refused where it, or the value, fits no more."""
    fact = dated.facts()[what]
    subject = fact.model().objects.filter(pk=pk).first()
    if (
        subject is None
        or not getattr(subject, "is_active", True)
        or not fact.subjects().filter(pk=pk).exists()
    ):
        said = {"what": fact.label, "whom": subject or f"#{pk}"}
        raise Refused(_("Somebody or something in it is not there any more: %(what)s, %(whom)s.") % said)
    try:
        fact.clean(value)
    except (ValidationError, TypeError) as error:
        why = " ".join(getattr(error, "messages", []))
        said = {"what": fact.label, "whom": subject, "why": why}
        raise Refused(_("This fits no more: %(what)s, %(whom)s. %(why)s") % said) from None
    return subject


@transaction.atomic
def call_off(reorganisation, at):
    """Nothing of it comes into force. Raises Refused once its day has come."""
    mine = Reorganisation.objects.filter(pk=reorganisation.pk, called_off_at=None, since__gt=at)
    if not mine.update(called_off_at=at):
        raise Refused(_("It has begun or is called off already. What has begun is history, and stays."))
    DatedFact.objects.filter(reorganisation=reorganisation, since__gt=at).delete()
