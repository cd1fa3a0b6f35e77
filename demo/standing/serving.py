"""What customers ask and complain about after they bought, what service found there, and a call that crossed sales' talks."""

from datetime import timedelta

from accounts.models import Track
from leads import scoring
from leads.models import ComplaintAnswer, Handoff, Lead, Touch, TouchKind
from pipeline.models import Contact, Deal
from pipeline.stages import Stage

CUSTOMERS = 4


def tell(desk):
    """Of people of the reps' latest customers, and of a lead in a rep's hands, where there are so many."""
    words = desk.house.world.words["service"]
    firms = (
        Deal.objects.won()
        .filter(owner__in=desk.reps.values(), company__isnull=False)
        .order_by("-signed_on", "-pk")
    )
    people = [
        Contact.objects.filter(company=firm, merged_into=None).order_by("pk").first()
        for firm in dict.fromkeys(firms.values_list("company", flat=True)[: 3 * CUSTOMERS])
    ]
    people = [one for one in people if one is not None][:CUSTOMERS]
    if len(people) < CUSTOMERS:
        return
    first, second, third, fourth = people
    seller, marketer = next(iter(desk.reps.values())), desk.people["marketer"]
    chat, complaint = (
        {"kind": TouchKind.CHAT, "actor": marketer},
        {"kind": TouchKind.COMPLAINT, "track": Track.SALES},
    )
    rows = [
        _touch(desk, first, 12, words[0], **chat),
        _touch(desk, second, 5, words[1], **chat),
        _touch(desk, third, 2, words[2], **complaint, actor=seller),
        _touch(desk, fourth, 9, words[3], **complaint, actor=seller),
        _touch(desk, first, 20, words[5], kind=TouchKind.SERVICE_VISIT, track=Track.SALES, actor=seller, outbound=True, reached=True),
        *_crossed(desk, marketer, words[6]),
    ]  # fmt: skip
    kept = desk.keep(Touch, rows)
    closed = kept[3]
    done = min(closed.at + timedelta(hours=5), desk.at)
    leads = Lead.objects.filter(contact__in=[one.contact_id for one in kept])
    scoring.rescore(list(leads.values_list("pk", flat=True)), at=desk.at)
    desk.keep(ComplaintAnswer, [ComplaintAnswer(touch=closed, done=words[4], by=seller, at=done)])


def _crossed(desk, marketer, note):
    """Marketing rings somebody whom a rep holds and has just talked to."""
    held = Handoff.objects.open().filter(
        lead__stage__in=(Stage.SQL, Stage.DEAL), rep__in=desk.reps.values(), contacted_at__isnull=False
    )
    handoff = held.select_related("lead__contact").order_by("-contacted_at", "-pk").first()
    if handoff is None:
        return []
    at = min(handoff.contacted_at + timedelta(hours=20), desk.at - timedelta(minutes=5))
    row = _touch(
        desk, handoff.lead.contact, 0, note, kind=TouchKind.CALL, actor=marketer, outbound=True, reached=True
    )
    row.at = at
    return [row]


def _touch(desk, person, days, note, **fields):
    return Touch(
        contact=person,
        at=desk.moment(desk.today - timedelta(days=days)),
        note=note,
        channel="unknown",
        **fields,
    )
