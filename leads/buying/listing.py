"""Lists narrowed to one buying stage: the rungs of definition.py as an expression over companies."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, NullIf

from accounts import organisation
from leads import grading
from leads.buying.definition import SILENCE, SOON, TALKING, WITH_US, YEAR, BuyingStage
from leads.closing.renewing import TAKEN_BACK
from leads.models import Lead, Touch
from pipeline.cancellations import cancelled
from pipeline.models import Contact, Deal, DealKind, ForecastCategory


@dataclass(frozen=True)
class Theirs:
    """What hangs on each row of companies, as querysets that ask for it by `row`, at one moment."""

    at: datetime
    row: OuterRef = field(default_factory=lambda: OuterRef("pk"))

    @property
    def today(self) -> date:
        return organisation.today(self.at)

    def open_deals(self):
        """Each with `sure`, its forecast category, and `firm`: it is about to be signed."""
        soon = (self.today - SOON, self.today + SOON)
        sure = Coalesce(NullIf("category", Value("")), "stage__category")
        firm = Q(sure=ForecastCategory.COMMIT) | Q(
            sure=ForecastCategory.BEST_CASE, expected_close__range=soon
        )
        found = Deal.objects.open().filter(company=self.row).annotate(sure=sure)
        return found.annotate(firm=Case(When(firm, then=True), default=False))

    def won(self):
        """What was bought, and not cancelled in full."""
        gone = Coalesce(cancelled(), Value(0), output_field=models.DecimalField())
        bought = Deal.objects.won().filter(company=self.row).annotate(gone=gone)
        return bought.filter(Q(amount=None) | Q(amount=0) | Q(gone__lt=F("amount")))

    def lasting(self):
        """What was bought within a year, or under a contract that goes on."""
        return self.won().filter(Q(contract_until__gte=self.today) | Q(signed_on__gte=self.today - YEAR))

    def ending(self):
        """Contracts that end within the days in which a renewal is opened, and that nothing renews yet."""
        days = timedelta(days=organisation.current().renewal_days)
        return self.won().filter(renewed=False, contract_until__range=(self.today, self.today + days))

    def lost(self):
        return (
            Deal.objects.lost()
            .filter(company=self.row)
            .exclude(Q(outcome_reason__isnull=False) & Q(outcome_reason__code=TAKEN_BACK))
        )

    def gone(self):
        """Lost, with nothing heard of them and nothing won since."""
        inner = OuterRef(self.row)
        heard = Theirs(self.at, inner).heard().filter(at__gt=OuterRef("closed_at"))
        won = Deal.objects.won().filter(company=inner, closed_at__gt=OuterRef("closed_at"))
        return self.lost().filter(~Exists(heard), ~Exists(won))

    def passes(self):
        """Passes that go on between the first sign and the deal."""
        running = Lead.objects.counted().running().filter(stage__in=WITH_US)
        return running.filter(contact__company=self.row)

    def hands(self):
        """Hands of grade A that were raised lately and that nobody has answered."""
        answers = Touch.objects.filter(
            contact=OuterRef("contact"), outbound=True, automatic=False, at__gte=OuterRef("hand_raised_at")
        )
        raised = self.passes().filter(hand_raised_at__gte=self.at - SOON)
        hot = grading.graded(raised, self.at, cell=False).filter(grading.graded_as("A", self.at))
        return hot.filter(~Exists(answers))

    def heard(self):
        """What they did themselves, and attempts of ours that reached them."""
        met = Q(outbound=False) | Q(reached=True)
        return Touch.objects.filter(met, automatic=False, at__lte=self.at, contact__company=self.row)

    def heard_lately(self):
        return self.heard().filter(at__gte=self.at - SILENCE)

    def persons(self):
        return Contact.objects.filter(company=self.row)

    def stage(self):
        """The buying stage as an expression: the first of these that holds."""
        deals = self.open_deals()
        ladder = {
            BuyingStage.ABOUT_TO_BUY: Exists(deals.filter(firm=True)) | Exists(self.hands()),
            BuyingStage.IN_TALKS: Exists(deals.exclude(kind=DealKind.RENEWAL))
            | Exists(self.passes().filter(stage__in=TALKING)),
            BuyingStage.RENEWAL_DUE: Exists(deals) | Exists(self.ending()),
            BuyingStage.CUSTOMER: Exists(self.lasting()) | Exists(self.won()) & Exists(self.heard_lately()),
            BuyingStage.LOST: Exists(self.gone()) & ~Exists(self.passes()),
            BuyingStage.ENGAGED: Exists(self.passes()) | Exists(self.heard_lately()),
            BuyingStage.QUIET: Exists(self.heard()) | Exists(self.won()) | Exists(self.lost()),
            BuyingStage.KNOWN: Exists(self.persons()),
        }
        whens = [When(holds, then=Value(stage.value)) for stage, holds in ladder.items()]
        return Case(*whens, default=Value(BuyingStage.UNKNOWN.value), output_field=models.CharField())


def at_stage(companies, stage, at):
    """Those of `companies` that stand there. What few companies have (an open deal, a raised hand) is looked up first."""
    if narrow := NEAR.get(BuyingStage(stage)):
        first, *others = [found.order_by().values(path) for found, path in narrow(at)]
        companies = companies.filter(pk__in=first.union(*others) if others else first)
    return companies.alias(buying_stage=Theirs(at).stage()).filter(buying_stage=stage)


def _deals(**which):
    return Deal.objects.filter(company__isnull=False, **which), "company"


def _passes(**which):
    leads = Lead.objects.filter(ended_at__isnull=True, contact__company__isnull=False, **which)
    return leads, "contact__company"


NEAR = {
    BuyingStage.ABOUT_TO_BUY: lambda at: [_deals(outcome="open"), _passes(hand_raised_at__gte=at - SOON)],
    BuyingStage.IN_TALKS: lambda at: [_deals(outcome="open"), _passes(stage__in=TALKING)],
    BuyingStage.RENEWAL_DUE: lambda at: [
        _deals(outcome="open"),
        _deals(outcome="won", renewed=False, contract_until__gte=organisation.today(at)),
    ],
    BuyingStage.CUSTOMER: lambda at: [_deals(outcome="won")],
    BuyingStage.LOST: lambda at: [_deals(outcome="lost")],
}
