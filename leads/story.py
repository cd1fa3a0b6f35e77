"""What happened with a company or a person: every dealing by either track and window, and what came of it, in one line of time."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from operator import attrgetter
from typing import Any

from django.core import signing
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import Track
from leads import timeline, tracks, usage
from leads.models import ComplaintAnswer, Handoff, Lead, StageChange
from leads.timeline import MOST, Event
from pipeline.channels import Channel
from pipeline.models import Company, Contact, Deal, DealRegistration, Outcome
from ui import formats
from ui.keyset import BadCursor

PEOPLE, FEW = 2000, 300
SALT = "leads.story"
KINDS = {
    "0": "touch",
    "1": "note",
    "2": "stage",
    "3": "handoff",
    "4": "deal",
    "5": "registration",
    "6": "answer",
    "7": "usage",
}


@dataclass(frozen=True)
class Line:
    """One Event with its place in the story: of whom (None: of the company), by which window, on whose track.

    `number` tells lines of one moment and source apart. `deal` is the key of the deal it is about, where the reader may open it.
    """

    event: Event
    source: str
    number: int
    contact: int | None = None
    whom: str = ""
    channel: str = ""
    track: str = ""
    deal: int | None = None

    @property
    def at(self):
        return self.event.at

    @property
    def kind(self):
        """Which of KINDS it is."""
        return KINDS[self.source]

    @property
    def window(self):
        """The channel in words."""
        return Channel(self.channel).label if self.channel not in ("", Channel.UNKNOWN) else ""

    @property
    def side(self):
        """The track in words."""
        return Track(self.track).label if self.track else ""

    @property
    def key(self):
        return self.at, self.source, self.number


@dataclass(frozen=True)
class Story:
    """The newest lines of a story, and the cursor of what is older ("" where nothing is)."""

    lines: list[Line]
    older: str


def of_company(company, *, by, cursor="", most=MOST) -> Story:
    """The story of a company and of its people, as far as `by` sees them; its deals without amounts where `by` may not open them."""
    people = Contact.objects.visible_to(by).surviving().filter(company=company)
    return _Teller(by, cursor, most, people, Q(company=company), company).story()


def of_contact(contact, *, by, cursor="", most=MOST) -> Story:
    """The story of one person and of the deals in which they take part."""
    return _Teller(by, cursor, most, Contact.objects.filter(pk=contact.pk), Q(contacts=contact)).story()


@dataclass
class _Teller:
    """Whose story, for whom, from where on."""

    by: Any
    cursor: str
    most: int
    found: Any
    deals: Q
    company: Company | None = None

    def story(self):
        """The newest lines beyond the cursor, in a fixed number of statements."""
        lines = [
            *self.dealings(),
            *self.handoffs(),
            *self.business(),
            *self.registrations(),
            *self.answers(),
            *self.uses(),
        ]
        lines = [one for one in lines if self.is_beyond(one)]
        lines.sort(key=attrgetter("number"), reverse=True)
        lines.sort(key=attrgetter("source"))
        lines.sort(key=attrgetter("at"), reverse=True)
        older = len(lines) > self.most
        shown = lines[: self.most]
        return Story(shown, _written(shown[-1].key) if older else "")

    @cached_property
    def people(self):
        """{key: name} of those whom the reader sees."""
        return dict(self.found.order_by("pk").values_list("pk", "full_name")[:PEOPLE])

    @cached_property
    def after(self):
        return _read(self.cursor) if self.cursor else None

    def beyond(self, source, number):
        """The condition on rows of a source that lie beyond the cursor."""
        if self.after is None:
            return Q()
        at, last, edge = self.after
        if source == last:
            return Q(at__lt=at) | Q(at=at, **{f"{number}__lt": edge})
        return Q(at__lte=at) if source > last else Q(at__lt=at)

    def is_beyond(self, line):
        if self.after is None:
            return True
        at, source, number = self.after
        if line.at != at:
            return line.at < at
        return line.number < number if line.source == source else line.source > source

    # -- what people did, and what we did to them ---------------------------------------------------------
    @cached_property
    def leads(self):
        passes = Lead.objects.visible_to(self.by).filter(contact__in=list(self.people), is_test=False)
        return dict(passes.order_by("pk").values_list("pk", "contact"))

    def dealings(self):
        changes = StageChange.objects.filter(lead__in=list(self.leads))
        people = Q(contact__in=list(self.people))
        for row in timeline.rows(people, changes, self.most + 1, self.beyond):
            event = timeline.TOLD[row.source](row)
            track = row.track or (tracks.of_stage(row.kind) if row.source == "2" else "")
            yield self.line(event, row.source, row.number, row.contact, channel=row.channel, track=track)

    def handoffs(self):
        handed = Handoff.objects.filter(lead__in=list(self.leads)).select_related(
            "rep__team", "agreement", "offered_by", "reason", "returned_by"
        )
        for one in handed.order_by("-pk")[:FEW]:
            for step, event in enumerate(timeline.told_handoffs([one])):
                yield self.line(event, "3", one.pk * 4 + step, self.leads[one.lead_id], track=Track.SALES)

    def line(self, event, source, number, contact=None, **more):
        return Line(
            event, source, number, contact, self.people.get(contact, "") if self.company else "", **more
        )

    def answers(self):
        """What was done about complaints."""
        found = ComplaintAnswer.objects.filter(touch__contact__in=list(self.people))
        for one in found.select_related("touch", "by").order_by("-pk")[:FEW]:
            who = one.by.full_name if one.by else ""
            event = Event(one.at, _("Complaint closed"), one.done, who, "ok", "check")
            yield self.line(event, "6", one.pk, one.touch.contact_id)

    def uses(self):
        """What the use of the company's units said, from when and until when."""
        if self.company is not None:
            for number, event in usage.events(self.company, FEW):
                yield Line(event, "7", number)

    # -- what came of it ----------------------------------------------------------------------------------
    def business(self):
        """Deals opened, won and lost, and what was cancelled of them."""
        seen = set(Deal.objects.visible_to(self.by).filter(self.deals).values_list("pk", flat=True))
        deals = Deal.objects.filter(self.deals).select_related("owner", "outcome_reason")
        found = {deal.pk: deal for deal in deals.order_by("-opened_at", "-pk")[:FEW]}
        for deal in found.values():
            for step, event in enumerate(_of_deal(deal, deal.pk in seen)):
                yield self.of_deal(event, deal, deal.pk * 4 + step, seen)
        cancellations: Any = Deal.with_cancellations.filter(cancels__in=list(found))
        for gone in cancellations:
            deal = found[gone.cancels_id]
            amount = formats.money(-gone.amount, gone.currency) if deal.pk in seen else ""
            text = timeline.joined(deal.name, amount, gone.outcome_note)
            event = Event(_noon(gone.signed_on), _("Cancelled"), text, "", "bad", "undo-2")
            yield self.of_deal(event, deal, gone.pk * 4 + 3, seen)

    def of_deal(self, event, deal, number, seen):
        return Line(event, "4", number, track=Track.SALES, deal=deal.pk if deal.pk in seen else None)

    def registrations(self):
        """What dealers registered; nobody registers a person."""
        if self.company is None:
            return
        found = DealRegistration.objects.filter(customer=self.company).exclude(dealer=F("customer"))
        for one in found.select_related("dealer", "product", "by").order_by("-pk")[:FEW]:
            until = _("until %(day)s") % {"day": formats.day(one.protected_until)}
            text = timeline.joined(one.dealer, one.product, until, _("withdrawn") if one.withdrawn else "")
            who = one.by.full_name if one.by else ""
            event = Event(_noon(one.registered_on), _("Registered by a dealer"), text, who, "sales", "shield")
            yield Line(event, "5", one.pk, channel=Channel.DEALER, track=Track.SALES)


def _of_deal(deal, seen):
    """The Events of a deal; with its amount where the reader may open it."""
    who = deal.owner.full_name if deal.owner else deal.owner_text
    amount = formats.money(deal.amount, deal.currency) if seen and deal.amount is not None else ""
    text = timeline.joined(deal.name, deal.get_kind_display(), amount)
    yield Event(deal.opened_at, _("Deal opened"), text, who, "sales", "briefcase")
    why = str(deal.outcome_reason or "")
    if deal.outcome == Outcome.WON:
        text = timeline.joined(deal.name, amount, why)
        yield Event(deal.closed_at, str(deal.get_outcome_display()), text, who, "ok", "trophy")
    elif deal.outcome == Outcome.LOST:
        text = timeline.joined(deal.name, amount, why, deal.outcome_note)
        yield Event(deal.closed_at, str(deal.get_outcome_display()), text, who, "bad", "circle-x")


def _noon(day):
    """A day as a moment that is this day in every zone where people work."""
    return datetime.combine(day, time(12), UTC)


def _written(key):
    at, source, number = key
    return signing.dumps([at.isoformat(), source, number], salt=SALT)


def _read(cursor):
    try:
        at, source, number = signing.loads(cursor, salt=SALT)
    except signing.BadSignature as error:
        raise BadCursor("This is no place in this story.") from error
    return datetime.fromisoformat(at), source, number
