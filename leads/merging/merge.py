"""Merge two contacts or two companies into one, in one transaction."""

from django.db import OperationalError
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from accounts import dated
from engine.copying import unhurried
from engine.hints import hint
from leads import scoring
from leads.merging import meanwhile, passes, rows, values
from leads.models import Duplicate, Merge, MergeKind, Note
from pipeline.models import Contact

DEADLOCK = "40P01"
TRIES = 3
LONGEST_NOTE = 2000


class MergeRefused(ValueError):
    """These two cannot be merged, or not taken apart; the text says why."""


class NoSuchRecord(MergeRefused):
    """There is no record `pk`; the text says so."""

    WORDS = {
        MergeKind.CONTACT: _("There is no contact %(pk)d."),
        MergeKind.COMPANY: _("There is no company %(pk)d."),
    }

    def __init__(self, kind, pk):
        self.pk = pk
        super().__init__(gettext(self.WORDS[kind]) % {"pk": pk})


def merge_contacts(survivor_id, gone_id, *, by, at, chosen=(), reason="", evidence=()):
    """Merge the contact `gone_id` into `survivor_id`; `chosen` names the fields whose value the survivor takes from it.

    Identities, touches, passes, deals, steps and files move; open passes are joined; journals stay as they were written.
    `evidence` are words, in English, for what the two had in common where somebody compared them: they are kept with it.
    Returns the Merge. Raises MergeRefused, and ValueError for a field that nobody may choose.
    """
    return _merge(MergeKind.CONTACT, survivor_id, gone_id, by, at, chosen, reason, evidence)


def merge_companies(survivor_id, gone_id, *, by, at, chosen=(), reason="", evidence=()):
    """The same for two companies: people, deals, steps, files and daughters move. Returns the Merge. Raises MergeRefused."""
    return _merge(MergeKind.COMPANY, survivor_id, gone_id, by, at, chosen, reason, evidence)


def _merge(kind, survivor_id, gone_id, by, at, chosen, reason, evidence):
    """Try again where a capture of the same person crossed our way."""
    for left in reversed(range(TRIES)):
        try:
            with unhurried() as cursor:
                return _merged(cursor, kind, survivor_id, gone_id, by, at, chosen, reason, evidence)
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) != DEADLOCK or not left:
                raise
    raise AssertionError("unreachable")


def _merged(cursor, kind, survivor_id, gone_id, by, at, chosen, reason, evidence):
    survivor, gone = locked(kind, survivor_id, gone_id)
    model = values.MODELS[kind]
    moved = {"joined": [], "handoffs": [], "cycles": {}, "values": [], "followers": []}
    if kind == MergeKind.CONTACT:
        passes.lock(cursor, (survivor_id, gone_id))
        moved = passes.join(cursor, survivor_id, gone_id, at)
    told = values.unlike(kind, survivor, gone, chosen) | moved.pop("told", {})
    moved["rows"] = rows.move(cursor, model, gone_id, survivor_id, besides={"leads.Lead.contact"})
    moved["values"] += values.settle(kind, survivor, gone, chosen)
    moved |= {"evidence": list(evidence), "last_touch": meanwhile.last_touch()}
    if kind == MergeKind.COMPANY:
        moved["planned"] = dated.follow("account_owner", gone_id, survivor_id, at)
    if kind == MergeKind.CONTACT and told:
        moved["note"] = _note(survivor, told, by, at).pk
    moved["records"] = sorted(model.objects.filter(merged_into=gone).values_list("pk", flat=True))
    model.objects.filter(pk__in=[*moved["records"], gone_id]).update(merged_into=survivor, updated_at=at)
    made = Merge.objects.create(
        kind=kind, survivor_id=survivor_id, gone_id=gone_id, by=by, at=at, reason=reason[:300], moved=moved
    )
    pairs = Duplicate.objects.to_look_at().filter(kind=kind)
    pairs.filter(Q(low_id=gone_id) | Q(high_id=gone_id)).delete()
    announce(kind, (survivor_id, gone_id))
    return made


def _note(survivor, told, by, at):
    """What the other record told otherwise stays readable: nothing of it is lost."""
    lines = [
        gettext("Told by the record that was merged into this one:"),
        *(f"{label}: {value}" for label, value in told.items()),
    ]
    return Note.objects.create(contact=survivor, text="\n".join(lines)[:LONGEST_NOTE], by=by, at=at)


def locked(kind, survivor_id, gone_id):
    """Both records, locked against captures in the order of ids. Raises MergeRefused where they are not two that survive."""
    found = {
        record.pk: record
        for record in values.MODELS[kind]
        .objects.select_for_update()
        .filter(pk__in=(survivor_id, gone_id))
        .order_by("pk")
    }
    for pk in (survivor_id, gone_id):
        if pk not in found:
            raise NoSuchRecord(kind, pk)
    if len(found) < 2:
        raise MergeRefused(gettext("Choose two different records."))
    if any(record.merged_into_id for record in found.values()):
        raise MergeRefused(gettext("One of them was merged away before."))
    return found[survivor_id], found[gone_id]


def announce(kind, ids):
    """Scores follow from the touches of one person now."""
    if kind == MergeKind.CONTACT:
        scoring.mark_touched(ids)
    else:
        scoring.mark_touched(Contact.objects.filter(company__in=ids).values_list("pk", flat=True))
    hint("leads.tasks.score")
