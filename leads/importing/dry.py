"""What an import would do: it is done, looked at, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads import agreement, assignment, scoring
from leads.importing import rejects
from leads.importing.runs import Runner
from leads.models import ImportedRow, ImportRun, ImportState, Lead
from leads.models.imports import ImportKind
from pipeline.stages import Stage

MOST_ROWS = 50_000
AT_ONCE = 10_000


@dataclass(frozen=True)
class Forecast:
    """What a run would come to. `counts` are its counts; of the first `looked_at` rows where `more` would follow."""

    kind: str
    counts: dict
    mqls: int
    offers: int
    reps: int
    looked_at: int
    more: bool
    refusals: Sequence[dict] = ()  # see rejects.commonest
    warnings: Sequence[dict] = ()

    @property
    def figures(self):
        """Everything but the kind, to be kept as JSON."""
        return {name: value for name, value in vars(self).items() if name != "kind"}

    @property
    def line(self):
        """ "would create 412 leads, 38 MQLs, 31 offers to 5 reps"."""
        parts = [words(name, self.counts[name]) for name in TOLD[self.kind] if self.counts.get(name)]
        if self.mqls:
            parts.append(ngettext("%(n)d MQL", "%(n)d MQLs", self.mqls) % {"n": self.mqls})
        if self.offers:
            offers = ngettext("%(n)d offer", "%(n)d offers", self.offers) % {"n": self.offers}
            reps = ngettext("%(n)d rep", "%(n)d reps", self.reps) % {"n": self.reps}
            parts.append(_("%(offers)s to %(reps)s") % {"offers": offers, "reps": reps})
        return _("would create %(what)s") % {"what": ", ".join(parts) or _("nothing")}

    def why(self, warning=False):
        """The commonest reasons why rows would be refused (or warned of), each a sentence with the first row it meets."""
        return [rejects.told(one) for one in (self.warnings if warning else self.refusals)]

    @property
    def tone(self):
        """ "bad" where most rows would be refused, "warn" where some would, else "ok"."""
        refused = self.counts.get("rejected", 0)
        return "bad" if refused * 2 > self.looked_at else "warn" if refused else "ok"

    @property
    def rest(self):
        """What else would happen to rows, in one line."""
        told = _(
            "would update %(updated)d, leave %(unchanged)d as they are, refuse %(rejected)d and warn of %(warnings)d"
        ) % {name: self.counts.get(name, 0) for name in ("updated", "unchanged", "rejected", "warnings")}
        later = [_("offers go out once the desk has made the leads ready")] if self.offers else []
        return "; ".join([told, *later, *asides(self.counts)])


# what a run of each kind is about; contacts and companies come with it
TOLD: dict[str, tuple[str, ...]] = {
    ImportKind.COMPANIES: ("companies",),
    ImportKind.PRODUCTS: ("products",),
    ImportKind.CAMPAIGNS: ("campaigns", "spends"),
    ImportKind.LEADS: ("leads",),
    ImportKind.TOUCHES: ("touches",),
    ImportKind.SPEND: ("spends", "campaigns"),
    ImportKind.DEALS: ("deals", "touches"),
    ImportKind.READINGS: ("readings", "units"),
}


def words(name, number):
    """A counted noun."""
    told = {
        "leads": ngettext("%(n)d lead", "%(n)d leads", number),
        "deals": ngettext("%(n)d deal", "%(n)d deals", number),
        "touches": ngettext("%(n)d touch", "%(n)d touches", number),
        "campaigns": ngettext("%(n)d campaign", "%(n)d campaigns", number),
        "spends": ngettext("%(n)d spend entry", "%(n)d spend entries", number),
        "products": ngettext("%(n)d product", "%(n)d products", number),
        "companies": ngettext("%(n)d company", "%(n)d companies", number),
        "contacts": ngettext("%(n)d contact", "%(n)d contacts", number),
        "readings": ngettext("%(n)d reading", "%(n)d readings", number),
        "units": ngettext("%(n)d unit", "%(n)d units", number),
    }
    return told[name] % {"n": number}


def asides(counts):
    """What else is to be known of a run: whom the file itself gave to reps, raised hands, rows of people whose pass was open, signs of
    currency that were not heeded."""
    held, raised, joined, signs = (counts.get(name, 0) for name in ("held", "raised", "joined", "signs"))
    told = [
        (held, ngettext(
            "%(n)d lead is in sales already and goes to the rep whom the file names",
            "%(n)d leads are in sales already and go to the reps whom the file names",
            held,
        )),
        (raised, ngettext(
            "%(n)d hand is raised: an MQL at once",
            "%(n)d hands are raised: MQLs at once",
            raised,
        )),
        (joined, ngettext(
            "%(n)d row joins an open pass, as a touch",
            "%(n)d rows join an open pass, as a touch each",
            joined,
        )),
        (signs, ngettext(
            "%(n)d amount bears the sign of another currency, which the mapping takes for decoration",
            "%(n)d amounts bear the sign of another currency, which the mapping takes for decoration",
            signs,
        )),
    ]  # fmt: skip
    return [words % {"n": number} for number, words in told if number]


def dry_run(run, at, tell=None, look=None) -> Forecast:
    """The Forecast of a draft run: of the whole file, or of its first 50,000 rows. Nothing is kept.

    `tell(done, rows)` hears how far it is; `look(run)` sees the run as it would be, before it is taken back. It is done under a copy of the run, so that nobody waits for the run's row.
    """
    with transaction.atomic():
        runner = Runner(_copy(run, at), dry=True)
        rows, looked_at = runner.read(), 0
        while chunk := list(islice(rows, min(AT_ONCE, MOST_ROWS - looked_at))):
            runner.load(chunk, at)
            looked_at += len(chunk)
            if tell:
                tell(looked_at, max(looked_at, min(run.rows, MOST_ROWS)))
        more = next(rows, None) is not None
        mqls, offers, reps = _machine(runner.run, at) if run.kind == ImportKind.LEADS else (0, 0, 0)
        counts, problems = (
            runner.run.counts,
            (rejects.commonest(runner.run, warning) for warning in (False, True)),
        )
        found = Forecast(run.kind, counts, mqls, offers, reps, looked_at, more, *problems)
        if look:
            look(runner.run)
        transaction.set_rollback(True)
    return found


def _copy(run, at):
    copied = ImportRun.objects.get(pk=run.pk)
    copied.pk, copied.state, copied.started_at = None, ImportState.RUNNING, at
    copied.save()
    return copied


def _machine(run, at):
    """(MQLs, offers, reps): what scoring and routing would make of the new leads."""
    written = ImportedRow.objects.filter(run=run, table__in=("lead", "person"), before__isnull=True)
    leads = Lead.objects.filter(pk__in=written.values("row_id"))
    live = list(leads.filter(history=False).order_by("pk").values_list("pk", flat=True))
    if live:
        scoring.rescore(live, at)
        agreement.qualify(live, at)
    mqls = leads.filter(stage=Stage.MQL)
    offered = list(mqls.filter(history=False).order_by("pk").values_list("pk", flat=True))
    placed = [one for one in assignment.simulate(offered, at) if one.rep_id] if offered else []
    return mqls.count(), len(placed), len({one.rep_id for one in placed})


def told(run):
    """What came of a run, to show: [(label, count), …] of what is not nothing, the run's own records first."""
    labels = {
        "leads": _("Leads"), "deals": _("Deals"), "touches": _("Touches"), "campaigns": _("Campaigns"), "spends": _("Spend"),
        "products": _("Products"), "companies": _("Companies"), "contacts": _("Contacts"), "readings": _("Readings of use"),
        "units": _("Units"), "joined": _("Joined an open pass"),
        "raised": _("Hands raised"), "held": _("Given to the reps whom the file names"),
        "moved": _("Leads that followed their deal"), "updated": _("Updated"), "unchanged": _("Unchanged"),
        "alike": _("Same rows within the file, counted once"), "signs": _("Amounts with the sign of another currency, not heeded"),
        "rejected": _("Refused"), "warnings": _("Warnings"), "undone": _("Taken back"), "kept_count": _("What stays"),
    }  # fmt: skip
    return [(label, run.counts[name]) for name, label in labels.items() if run.counts.get(name)]
