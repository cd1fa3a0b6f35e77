"""What happened around a lead, by both tracks, in one line of time."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Track
from leads.models import Handoff, Note, StageChange, Touch, TouchKind
from leads.models.handoffs import HandoffEnd
from pipeline.stages import FUNNEL, RESPONSIBLE, START, Stage

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

    label: str
    state: str
    at: datetime | None


def events(lead, most=MOST):
    """The latest events of a lead and its contact, newest first, in four queries."""
    found = [*_touches(lead, most), *_notes(lead, most), *_changes(lead, most), *_handoffs(lead, most)]
    return sorted(found, key=attrgetter("at"), reverse=True)[:most]


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
    """The pass itself and those that were joined with it."""
    return Q(lead=lead) | Q(lead__merged_into=lead)


def _touches(lead, most):
    touches = Touch.objects.filter(contact=lead.contact_id).select_related("campaign", "actor")
    for touch in touches.order_by("-at", "-pk")[:most]:
        yield Event(
            touch.at,
            _touch_title(touch),
            _joined(touch.campaign and touch.campaign.name, touch.note),
            _joined(touch.actor and touch.actor.full_name, Track(touch.track).label),
            touch.track,
            ICONS.get(touch.kind, "circle-dot"),
        )


def _notes(lead, most):
    notes = Note.objects.filter(contact=lead.contact_id).select_related("by")
    for note in notes.order_by("-at", "-pk")[:most]:
        who = note.by.full_name if note.by else ""
        yield Event(note.at, _("Note"), note.text, who, "sales", "sticky-note")


def _touch_title(touch):
    kind = touch.get_kind_display()
    if touch.reached is False:
        return _("%(touch)s, not reached") % {"touch": kind}
    if touch.reached:
        return _("%(touch)s, reached") % {"touch": kind}
    return _("%(touch)s from us") % {"touch": kind} if touch.outbound else kind


def _changes(lead, most):
    changes = list(
        StageChange.objects.filter(_of(lead)).select_related("actor").order_by("-at", "-seq")[:most]
    )
    for change in changes:
        if change.from_stage == START:
            title = _("Captured")
        else:
            names = {"before": Stage(change.from_stage).label, "after": Stage(change.to_stage).label}
            title = _("%(before)s → %(after)s") % names
        who = change.actor.full_name if change.actor else _("Tandem")
        mark = {Stage.WON: "ok", Stage.DISQUALIFIED: "bad"}.get(change.to_stage, RESPONSIBLE[change.to_stage])
        yield Event(change.at, title, translated(change.reason), who, mark, "git-commit-horizontal")


def _handoffs(lead, most):
    handoffs = Handoff.objects.filter(_of(lead)).select_related("rep", "offered_by", "reason")
    for handoff in handoffs.order_by("-pk")[:most]:
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
            why = _joined(handoff.reason and str(handoff.reason), handoff.note)
            yield Event(handoff.ended_at, ENDS[handoff.end]() % rep, why, "", "bad", "undo-2")


ENDS = {
    HandoffEnd.RETURNED: lambda: _("%(rep)s returned it"),
    HandoffEnd.EXPIRED: lambda: _("%(rep)s let it run out"),
    HandoffEnd.REASSIGNED: lambda: _("Taken from %(rep)s"),
    HandoffEnd.RELEASED: lambda: _("%(rep)s has it no longer"),
}


def translated(text):
    """A sentence that the machine stored in English, in the reader's language; a person's words stay as they are."""
    return _(text) if text else ""


def _joined(*parts):
    return " · ".join(str(part) for part in parts if part)
