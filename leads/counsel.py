"""Counsel between the tracks on one lead, deal or company: who is responsible asks, or the other side offers it unasked.

The adviser writes and never edits. Advice asked for is due by the adviser's own working calendar; what was given is
answered, in a sentence, by whoever is responsible. Nothing waits for it.
"""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Role, Track, User
from leads import tracks
from leads.consulting import Refused, due
from leads.models import Counsel, Lead
from leads.notices import counselling
from pipeline.models import Company, Deal

ROLES = {Track.MARKETING: (Role.MARKETING,), Track.SALES: (Role.SALES, Role.MANAGER)}
SEEN = "asked_by", "adviser", "replied_by"
MOST = 20


def advisers(track):
    """Whom the other side may ask: the active people of `track`."""
    return User.objects.filter(
        Q(role__in=ROLES[track], head_of="") | Q(head_of=track), is_active=True
    ).order_by("full_name", "pk")


def ask(thing, question, *, of, by, at):
    """Ask somebody of the other track about a lead, a deal or a company; returns the Counsel. Raises Refused."""
    question, track = question.strip(), tracks.sides(thing).advising
    if not question:
        raise Refused(_("Say what you want to know."))
    if not advisers(track).filter(pk=of.pk).exists():
        raise Refused(_("Ask somebody of the other department."))
    with transaction.atomic():
        made = Counsel.objects.create(
            **_about(thing), track=track, asked_by=by, asked_at=at, question=question, adviser=of, due_at=due(of, at)
        )  # fmt: skip
        counselling.asked(made, at)
    return made


def offer(thing, text, *, by, at):
    """Advice that nobody asked for; who is responsible is told. Raises Refused."""
    if not (text := text.strip()):
        raise Refused(_("Say what you advise."))
    with transaction.atomic():
        made = Counsel.objects.create(
            **_about(thing), track=tracks.sides(thing).advising, adviser=by, text=text, given_at=at
        )
        counselling.given(made, tracks.sides(thing).person, at)
    return made


def give(counsel, text, *, by, at):
    """The advice that was asked for, once; a colleague may step in for whoever was asked. Raises Refused."""
    if not (text := text.strip()):
        raise Refused(_("Say what you advise."))
    with transaction.atomic():
        fresh = Counsel.objects.filter(pk=counsel.pk, given_at=None)
        if not fresh.update(text=text, given_at=at, adviser=by):
            raise Refused(_("This has been answered already."))
        counsel.refresh_from_db()
        counselling.given(counsel, counsel.asked_by or tracks.sides(counsel.about).person, at)
    return counsel


def reply(counsel, *, adopted, sentence, by, at):
    """Adopt or decline advice, with a sentence that the adviser is told. Raises Refused."""
    if not (sentence := sentence.strip()):
        raise Refused(_("Answer the advice with a sentence."))
    with transaction.atomic():
        open_ones = Counsel.objects.filter(pk=counsel.pk, given_at__isnull=False, replied_at=None)
        if not open_ones.update(adopted=adopted, reply=sentence, replied_by=by, replied_at=at):
            raise Refused(_("There is no advice to answer."))
        counsel.refresh_from_db()
        counselling.replied(counsel, at)
    return counsel


def on(thing):
    """The latest counsel on a lead (and on its deal), on a deal (and on its leads), or on a company, newest first."""
    if isinstance(thing, Company):
        about = Q(company=thing)
    elif isinstance(thing, Deal):
        about = Q(deal=thing) | Q(lead__in=Lead.objects.filter(deal=thing).values("pk"))
    else:
        about = Q(lead__in=Lead.objects.filter(Q(pk=thing.pk) | Q(merged_into=thing)).values("pk"))
        about |= Q(deal=thing.deal_id) if thing.deal_id else Q()
    return list(Counsel.objects.filter(about).select_related(*SEEN, "lead", "deal", "company")[:MOST])


def waiting(user):
    """What waits for this user: advice asked of them, and advice that they owe an answer, the most urgent first."""
    asked = Q(adviser=user, given_at=None)
    given = Q(given_at__isnull=False, replied_at=None) & (
        Q(asked_by=user) | Q(asked_by=None, track=Track.MARKETING) & (Q(deal__owner=user) | Q(lead__owner=user) | Q(company__sales_owner=user))
    )  # fmt: skip
    if user.side == Track.MARKETING:
        theirs = Q(lead__contact__company__marketing_contact=user) | Q(
            lead__contact__company__marketing_contact=None, lead__campaign__owner=user
        )
        theirs |= Q(company__marketing_contact=user)
        given |= Q(given_at__isnull=False, replied_at=None, asked_by=None, track=Track.SALES) & theirs
    found = Counsel.objects.filter(asked | given).select_related(
        "lead__contact__company", "deal__company", "company", *SEEN
    )
    return list(found.order_by("due_at", "given_at", "pk")[:MOST])


def _about(thing):
    return {type(thing)._meta.model_name: thing}
