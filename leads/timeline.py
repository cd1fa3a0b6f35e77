"""What happened around a lead, by both tracks, in one line of time."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from django.db.models import BooleanField, Q, Value
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Track
from leads import tracks
from leads.models import Handoff, Lead, Note, StageChange, Touch, TouchKind
from leads.models.handoffs import HandoffEnd
from pipeline.stages import FUNNEL, START, Stage

MOST = 60
ICONS = {
    TouchKind.CLICK: "mouse-pointer-click",
    TouchKind.FORM: "file-text",
    TouchKind.VISIT: "eye",
    TouchKind.QUOTE_REQUEST: "receipt",
    TouchKind.DEMO_REQUEST: "presentation",
    TouchKind.CALLBACK: "phone-incoming",
    TouchKind.HOT_AT_BOOTH: "flame",
    TouchKind.EVENT: "calendar-check",
    TouchKind.MAIL: "mail",
    TouchKind.CALL: "phone",
    TouchKind.CHAT: "message-circle",
    TouchKind.MEETING: "users",
    TouchKind.COMPLAINT: "triangle-alert",
    TouchKind.SERVICE_VISIT: "wrench",
    TouchKind.FEEDBACK: "message-square",
}


@dataclass(frozen=True)
class Event:
    """One line: what, by whom, on whose track. `mark` is the tone of its icon."""

    at: datetime
    title: str
    text: str
    who: str
    mark: str
    icon: str


@dataclass(frozen=True)
class Step:
    """A stage on the bar of a lead: done, now, out (a side exit) or still to come."""

    label: str | Promise
    state: str
    at: datetime | None


def handoffs(lead, most=MOST):
    """The latest handoffs of the pass and of those that were joined with it, newest first."""
    found = Handoff.objects.filter(_of(lead)).select_related(
        "rep__team", "agreement", "offered_by", "reason", "returned_by"
    )
    return list(found.order_by("-pk")[:most])


def events(lead, most=MOST, handed=None, at=None, said=()):
    """The latest events of a lead and its contact, newest first; `handed` are its handoffs where they are known,
    `said` the counsel on it.

    `at` is now: since when it lies in the pool, if it does. In two queries, in one with `handed`.
    """
    handed = handoffs(lead, most) if handed is None else handed
    changes = StageChange.objects.filter(_of(lead))
    told = [TOLD[row.source](row) for row in rows(Q(contact=lead.contact_id), changes, most)]
    whole = [*told, *told_handoffs(handed), *_pooled(lead, at), *_counsel(said)]
    return sorted(whole, key=attrgetter("at"), reverse=True)[:most]


def steps(lead):
    """The funnel as the lead has walked it, with the side exit it took, if any."""
    times = {
        Stage.NEW: lead.captured_at,
        Stage.MQL: lead.mql_at,
        Stage.READY: lead.ready_at,
        Stage.SQL: lead.sql_at,
        Stage.DEAL: lead.deal_at,
        Stage.WON: lead.won_at,
    }
    side = lead.stage not in FUNNEL
    here = -1 if side else FUNNEL.index(lead.stage)
    bar = [
        Step(
            stage.label,
            "now" if place == here else "done" if (times[stage] if side else place < here) else "",
            times[stage],
        )
        for place, stage in enumerate(FUNNEL)
    ]
    if side:
        bar.append(Step(Stage(lead.stage).label, "out", lead.ended_at or lead.wake_at))
    return bar


def _of(lead):
    """The pass itself and those that were joined with it: by their keys, since an OR over a join reads both tables whole."""
    return Q(lead__in=Lead.objects.filter(Q(pk=lead.pk) | Q(merged_into=lead)).values("pk"))


class Row(NamedTuple):
    """A touch, a note or a change of stage, as one statement reads them: what a source lacks is empty."""

    source: str
    at: datetime
    number: int
    kind: str
    outbound: bool
    reached: bool | None
    text: str
    beside: str | None
    who: str | None
    track: str
    contact: int
    channel: str


def rows(people, changes, most, beyond=None):
    """The latest Rows of each source, newest first in each: touches and notes of `people` (a condition), `changes` of stage.

    `beyond` says by source and the name of its number what is left out: see `leads.story`.
    """
    none, no, unknown = Value(""), Value(False), Value(None, BooleanField())
    touches = Touch.objects.filter(people).order_by("-at", "-pk")
    notes = Note.objects.filter(people).order_by("-at", "-pk")
    changes = changes.order_by("-at", "-seq")
    if beyond:
        touches, notes = touches.filter(beyond("0", "pk")), notes.filter(beyond("1", "pk"))
        changes = changes.filter(beyond("2", "seq"))
    parts = [
        touches.values_list(
            Value("0"), "at", "pk", "kind", "outbound", "reached", "note", "campaign__name", "actor__full_name", "track",
            "contact", "channel",
        ),
        notes.values_list(
            Value("1"), "at", "pk", none, no, unknown, "text", none, "by__full_name", none, "contact", none,
        ),
        changes.values_list(
            Value("2"), "at", "seq", "to_stage", no, unknown, "reason", "from_stage", "actor__full_name", none,
            "lead__contact", none,
        ),
    ]  # fmt: skip
    first, *others = (part[:most] for part in parts)
    found = map(Row._make, first.union(*others, all=True))
    return sorted(sorted(found, key=attrgetter("at", "number"), reverse=True), key=attrgetter("source"))


def _touch(row):
    return Event(
        row.at,
        _touch_title(row),
        joined(row.beside, row.text),
        joined(row.who, Track(row.track).label),
        row.track,
        ICONS.get(row.kind, "circle-dot"),
    )


def _touch_title(row):
    kind = TouchKind(row.kind).label
    if row.reached is False:
        return _("%(touch)s, not reached") % {"touch": kind}
    if row.reached:
        return _("%(touch)s, reached") % {"touch": kind}
    return _("%(touch)s from us") % {"touch": kind} if row.outbound else kind


def _note(row):
    return Event(row.at, _("Note"), row.text, row.who or "", "sales", "sticky-note")


def _change(row):
    if row.beside == START:
        title = _("Captured")
    else:
        names = {"before": Stage(row.beside).label, "after": Stage(row.kind).label}
        title = _("%(before)s → %(after)s") % names
    mark = {Stage.WON: "ok", Stage.DISQUALIFIED: "bad"}.get(row.kind) or tracks.of_stage(row.kind)
    return Event(row.at, title, translated(row.text), row.who or _("Tandem"), mark, "git-commit-horizontal")


TOLD = {"0": _touch, "1": _note, "2": _change}


def told_handoffs(handed):
    """The Events of handoffs: offered, accepted, ended."""
    for handoff in handed:
        rep = {"rep": handoff.rep.full_name}
        by = handoff.offered_by.full_name if handoff.offered_by else _("Tandem")
        if handoff.accepted_at != handoff.offered_at:
            title = _("Offered to %(rep)s") % rep
            yield Event(handoff.offered_at, title, translated(handoff.because), by, "sales", "send")
        if handoff.accepted_at:
            why = translated(handoff.because) if handoff.accepted_at == handoff.offered_at else ""
            title = _("%(rep)s has it") % rep
            yield Event(handoff.accepted_at, title, why, handoff.rep.full_name, "sales", "handshake")
        if handoff.end in ENDS:
            # Only the machine says why it took a lead back; with a return stand the rep's own words.
            note = translated(handoff.note) if handoff.end == HandoffEnd.RELEASED else handoff.note
            why = joined(handoff.reason and str(handoff.reason), note)
            by = handoff.returned_by.full_name if handoff.returned_by else ""
            yield Event(handoff.ended_at, ENDS[handoff.end]() % rep, why, by, "bad", "undo-2")


def _counsel(said):
    for one in said:
        if one.asked_at:
            title = _("Advice asked of %(person)s") % {"person": one.adviser or Track(one.track).label}
            yield Event(
                one.asked_at,
                title,
                one.question,
                str(one.asked_by or ""),
                one.track,
                "message-circle-question-mark",
            )
        if one.given_at:
            yield Event(
                one.given_at, _("Advice"), one.text, str(one.adviser or ""), one.track, "message-square"
            )
        if one.replied_at:
            title = _("Advice adopted") if one.adopted else _("Advice declined")
            yield Event(one.replied_at, title, one.reply, str(one.replied_by or ""), one.track, "check")


def _pooled(lead, at):
    """What no change of stage tells: it waits for whoever claims it."""
    if lead.pooled_at and at and lead.pooled_at <= at:
        yield Event(lead.pooled_at, _("In the pool"), "", _("Tandem"), "sales", "waves-horizontal")


ENDS = {
    HandoffEnd.RETURNED: lambda: _("%(rep)s returned it"),
    HandoffEnd.EXPIRED: lambda: _("%(rep)s let it run out"),
    HandoffEnd.REASSIGNED: lambda: _("Taken from %(rep)s"),
    HandoffEnd.RELEASED: lambda: _("%(rep)s has it no longer"),
}


def translated(text):
    """A sentence that the machine stored in English, in the reader's language; a person's words stay as they are."""
    return _(text) if text else ""


def joined(*parts):
    """What there is of the parts, in one line."""
    return " · ".join(str(part) for part in parts if part)
