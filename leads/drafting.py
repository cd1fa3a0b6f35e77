"""New versions of the agreement: drafted by heads and managers, in force once both heads have signed."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engine.copying import unhurried
from engine.hints import hint
from leads import beside, sense, signing, terms
from leads.models import Agreement, AgreementSignature, Lead
from leads.signing import NotToSign
from leads.terms import in_force
from pipeline.models.base import label_of
from pipeline.stages import Stage, responsible
from ui.formats import listed

OWN = ("id", "version", "created_at", "note", "judged_until", "questions", "reasons", "stages")
# The terms that say what an MQL is: where a new version changes one, leads are judged anew.
BESIDE = {
    "questions": gettext_lazy("Agreed questions"), "reasons": gettext_lazy("Return reasons"), "stages": gettext_lazy("Deal stages"),
}  # fmt: skip
JUDGED_BY = ("fit_floor", "engagement_floor", "touches_floor", "hand_raisers")


def blank():
    """An unsaved draft that says what the version in force says."""
    now = in_force()
    said = {field.attname: getattr(now, field.attname) for field in Agreement._meta.concrete_fields}
    return Agreement(**{name: value for name, value in said.items() if name not in OWN}, version=_next())


def save(draft):
    """Keep a draft under the next number. Raises NotToSign where it is signed, or older than the version in force."""
    with transaction.atomic():
        if draft.pk is None:
            draft.version = _next()
        else:
            signing.unsigned(Agreement.objects.select_for_update().get(pk=draft.pk))
            if draft.version <= in_force().version:
                raise NotToSign(_("A newer version is in force: draft another one."))
        draft.save()
    return draft


def discard(draft):
    """Throw a draft away that nobody has signed. Raises NotToSign."""
    signing.unsigned(draft)
    draft.delete()


def signatures(agreement_ids):
    """The signatures under these versions, in the order in which they were given."""
    return AgreementSignature.objects.filter(agreement__in=agreement_ids).order_by("at", "pk")


def changes(draft, before):
    """[(name of the term, what `before` says, what the draft says)] of the terms in which they differ."""
    names = [field.attname for field in Agreement._meta.concrete_fields if field.attname not in OWN]
    return [
        (name, getattr(before, name), getattr(draft, name))
        for name in names
        if getattr(before, name) != getattr(draft, name)
    ]


def stamp(draft, agreed=None):
    """A text that stands for what a version says to whoever reads it: "term:digest" of each.

    `agreed` is what is signed beside it, as `beside.of` tells.
    """
    names = [field.attname for field in Agreement._meta.concrete_fields if field.attname not in OWN]
    said = {name: getattr(draft, name) for name in (*names, "note")} | (agreed or beside.of(draft))
    return signing.stamp(said)


def _changed_since(seen, draft):
    """The terms, in words, in which a version differs from what its stamp `seen` stands for, or of which that is silent."""
    names = signing.changed_since(seen, stamp(draft))
    return [str(BESIDE.get(name) or label_of(Agreement, name)) for name in names]


def drafts():
    """Versions newer than the one in force, which wait for signatures."""
    return Agreement.objects.filter(version__gt=in_force().version).prefetch_related("signatures__user")


def tracks_to_sign(user, draft):
    """The tracks for which this user may sign a draft now: the own, and an administrator's for one without a head."""
    if draft.version <= in_force().version:
        return []
    return signing.open_to(user, draft)


def sign(draft, *, by, at, seen=""):
    """Sign for every track that `by` may sign for. Returns whether the version is in force with that. Raises NotToSign.

    `seen` is the `stamp` of what `by` has read: where it says something else by now, nothing is signed. With the first signature it keeps the questions and return reasons that stand beside its terms.
    """
    before = in_force()
    with transaction.atomic():
        draft = Agreement.objects.select_for_update().get(pk=draft.pk)
        tracks = tracks_to_sign(by, draft)
        signing.to_sign(tracks)
        if told := seen and _changed_since(seen, draft):
            said = _(
                "It was changed after you opened it, and nothing is signed. Read these again, then sign: %(terms)s."
            )
            raise NotToSign(said % {"terms": listed(told)})
        for words in sense.nonsense(draft).values():
            raise NotToSign(_("Its terms contradict each other: %(why)s") % {"why": words})
        if not draft.signatures.exists():
            Agreement.objects.filter(pk=draft.pk).update(**beside.as_now())
        AgreementSignature.objects.bulk_create(
            AgreementSignature(agreement=draft, track=track, user=by, at=at) for track in tracks
        )
        whole = in_force() == draft
        terms.lately.forget()
        if whole and _judges_anew(draft, before):
            Agreement.objects.filter(pk=draft.pk).update(judged_until=0)
            hint("leads.tasks.score")
    return whole


@dataclass(frozen=True)
class AtOnce:
    """Leads that wait, new and in nurture, and become MQLs with the second signature; `mqls`: how many are MQLs now."""

    new: int
    nurture: int
    mqls: int

    @property
    def leads(self):
        """How many become MQLs."""
        return self.new + self.nurture


def at_once(draft, at) -> AtOnce | None:
    """What signing a draft now does to the leads that wait; None where it leaves what an MQL is."""
    if not _judges_anew(draft, in_force()):
        return None
    found = terms.waiting(draft, at)
    mqls = Lead.objects.filter(stage=Stage.MQL, merged_into=None).count()
    return AtOnce(found.get(Stage.NEW, 0), found.get(Stage.NURTURE, 0), mqls)


@dataclass(frozen=True)
class Passing:
    """Leads for which the track `to` becomes responsible with the second signature: how many MQLs, and how many ready."""

    to: str
    mql: int
    ready: int

    @property
    def leads(self):
        """How many in all."""
        return self.mql + self.ready


def passing(draft) -> Passing | None:
    """For which leads another track becomes responsible with a draft; None where it leaves who is."""
    was, becomes = responsible(in_force().sales_from), responsible(draft.sales_from)
    stages = [stage for stage in was if was[stage] != becomes[stage]]
    if not stages:
        return None
    with unhurried():  # every MQL of a large house
        found = Lead.objects.filter(stage__in=stages, merged_into=None).values_list("stage")
        count = dict(found.annotate(Count("pk")))
    return Passing(becomes[stages[0]].value, count.get(Stage.MQL, 0), count.get(Stage.READY, 0))


def _judges_anew(draft, before):
    """Whether the leads that wait are judged anew once it is in force."""
    return any(getattr(before, term) != getattr(draft, term) for term in JUDGED_BY)


def _next():
    return Agreement.objects.order_by("-version").values_list("version", flat=True)[0] + 1
