"""What needs marketing today, most urgent first; each row says where it is done."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import organisation
from accounts.models import Track
from accounts.visibility import sees_all
from leads import answering, complaints, counsel, grading, obstacles
from leads.models import Lead
from leads.webforms.held import HELD
from pipeline.models import Campaign, CampaignStatus, Spend, SpendKind, Step
from pipeline.stages import Stage
from ui import formats

SOON = timedelta(days=7)
WITHOUT_SPEND = timedelta(days=14)  # a campaign that has run so long has cost something
STALE = timedelta(days=3)
MOST_EACH = 3
MOST_COUNTED = 1_000  # answers that are overdue; nobody counts on
URGENT = "urgent"


@dataclass(frozen=True)
class Need:
    """One thing to do: `tone` is urgent, soon or none; `what` the words, `note` the details, `href` the place."""

    icon: str
    tone: str
    what: str
    note: str
    href: str


def of_marketing(user, at):
    """[Need] of a marketer, in six statements and those of floors above."""
    desk = reverse("leads:desk")
    return [
        *_at_desk(user, desk, at),
        *_late(user, desk, at),
        *_held(user, at),
        *_counsel(user, at),
        *_obstacles(at),
        *_steps(user, at),
        *_campaigns(user, at),
        *of_others(user, at),
    ]


def of_others(user, at):
    """[Need] of somebody, whichever side they are on: complaints, and what the functions that settings.NEEDS names know."""
    above = [need for name in settings.NEEDS for need in import_string(name)(user, at)]
    return [*_complaints(user, at), *above]


def _complaints(user, at):
    """What customers complain of and this user is to look after."""
    if owed := complaints.WAITING().get(user.pk):
        text = ngettext("%(n)s open complaint is yours", "%(n)s open complaints are yours", owed["n"])
        note = _("since %(when)s") % {"when": formats.moment(owed["first"])}
        tone = URGENT if owed["first"] <= at - complaints.LONG else "soon"
        yield Need(
            "triangle-alert", tone, _n(text, owed["n"]), note, reverse("leads:complaint-list") + "?whose=mine"
        )


def _leads(user):
    return Lead.objects.counted().visible_to(user)


def _at_desk(user, desk, at):
    found = (
        _leads(user)
        .filter(stage=Stage.MQL)
        .aggregate(
            hands=Count("hand_raised_at"),
            raised=Min("hand_raised_at"),
            owed=Count("desk_due_at"),
            due=Min("desk_due_at"),
            mqls=Count("pk"),
            old=Count("pk", filter=Q(mql_at__lt=at - STALE)),
        )
    )
    if found["hands"]:
        text = ngettext(
            "%(n)s person asked for us and waits", "%(n)s people asked for us and wait", found["hands"]
        )
        note = _("since %(when)s") % {"when": formats.moment(found["raised"])}
        yield Need("hand", URGENT, _n(text, found["hands"]), note, f"{desk}?queue=mql&asked=yes")
    if found["owed"]:
        text = ngettext("%(n)s lead came back from sales", "%(n)s leads came back from sales", found["owed"])
        note = _("the first answer is owed by %(when)s") % {"when": formats.moment(found["due"])}
        tone = URGENT if found["due"] <= at else "soon"
        yield Need("undo-2", tone, _n(text, found["owed"]), note, f"{desk}?queue=returned")
    if found["mqls"]:
        text = ngettext("%(n)s MQL waits at the desk", "%(n)s MQLs wait at the desk", found["mqls"])
        older = ngettext("%(n)s for more than three days", "%(n)s for more than three days", found["old"])
        note = _n(older, found["old"]) if found["old"] else ""
        yield Need(
            "inbox", "soon" if found["old"] else "", _n(text, found["mqls"]), note, f"{desk}?queue=mql"
        )


def _late(user, desk, at):
    said = answering.promise()
    if said is None:
        return
    waiting = grading.graded(_leads(user).filter(stage__in=(Stage.MQL, Stage.NEW)), at, cell=False)
    stages = list(answering.late(waiting, at, said).values_list("stage", flat=True)[: 2 * MOST_COUNTED + 1])
    for queue in (
        Stage.MQL,
        Stage.NEW,
    ):  # hands that an agreement leaves among the new ones are answered as well
        if late := stages.count(queue):
            text = ngettext(
                "%(n)s answer of the desk is overdue", "%(n)s answers of the desk are overdue", late
            )
            count = formats.number(min(late, MOST_COUNTED)) + ("+" if late > MOST_COUNTED else "")
            note = _("nobody has tried to reach them in the time agreed")
            yield Need("timer", URGENT, text % {"n": count}, note, f"{desk}?queue={queue}&answer=late")


def _held(user, at):
    held = HELD()
    if held["n"] and sees_all(user):
        text = ngettext("%(n)s post of a form is held", "%(n)s posts of forms are held", held["n"])
        note = _("since %(when)s") % {"when": formats.moment(held["first"])}
        yield Need("shield-alert", "soon", _n(text, held["n"]), note, reverse("leads:quarantine"))


def _counsel(user, at):
    for one in counsel.waiting(user)[:MOST_EACH]:
        page = reverse("leads:counsel", args=[one.pk])
        if one.given_at:
            note = _("advice from %(person)s waits for your answer") % {"person": one.adviser or "–"}
            yield Need("messages-square", "soon", str(one.about), note, page)
        else:
            note = _("your advice is asked for by %(until)s") % {"until": formats.moment(one.due_at)}
            tone = URGENT if one.due_at <= at else "soon"
            yield Need("messages-square", tone, str(one.about), note, page)


def _obstacles(at):
    """What stopped talks of sales and waits for an answer, whoever of marketing gives it."""
    owed = obstacles.OWED()
    if owed["n"]:
        text = ngettext(
            "%(n)s obstacle of sales waits for an answer",
            "%(n)s obstacles of sales wait for an answer",
            owed["n"],
        )
        note = _("the first is owed by %(when)s") % {"when": formats.moment(owed["due"])}
        tone = URGENT if owed["due"] <= at else "soon"
        yield Need(
            "octagon-x", tone, _n(text, owed["n"]), note, reverse("leads:obstacle-list") + "?answered=false"
        )


def _steps(user, at):
    mine = Step.objects.filter(owner=user, done_at=None, due_at__lt=at + timedelta(days=1))
    for step in mine.select_related("contact", "company").order_by("due_at", "pk")[:MOST_EACH]:
        about = step.contact or step.company
        due = formats.moment(step.due_at)
        tone = URGENT if step.due_at <= at else "soon"
        yield Need("circle-check", tone, step.what, f"{about} · {due}" if about else due, _address(step))


def _address(step):
    if step.contact_id:
        return reverse("pipeline:contact", args=[step.contact_id])
    if step.company_id:
        return reverse("pipeline:company", args=[step.company_id])
    return reverse("leads:deal", args=[step.deal_id])


def _campaigns(user, at):
    today = organisation.today(at)
    spent = Spend.objects.filter(campaign=OuterRef("pk"), kind__in=(SpendKind.PAID, SpendKind.COMMITTED))
    found = (
        Campaign.objects.visible_to(user)
        .annotate(spent=Exists(spent))
        .filter(
            Q(status=CampaignStatus.PLANNED, starts_on__lte=today + SOON)
            | Q(
                status=CampaignStatus.ACTIVE,
                starts_on__lte=today - WITHOUT_SPEND,
                track=Track.MARKETING,
                children__isnull=True,  # a programme costs what its parts cost
                spent=False,
            )
        )
    )
    for campaign in found.order_by("-starts_on", "pk")[: 2 * MOST_EACH]:
        page = reverse("pipeline:campaign", args=[campaign.pk])
        if campaign.status == CampaignStatus.ACTIVE:
            yield Need("receipt", "", campaign.name, _("runs without any spend logged"), f"{page}#log-spend")
        elif campaign.starts_on and campaign.starts_on <= today:
            edit = reverse("pipeline:campaign-edit", args=[campaign.pk])
            yield Need("megaphone", "soon", campaign.name, _("has begun and is still planned"), edit)
        else:
            note = _("begins on %(day)s") % {"day": formats.day(campaign.starts_on)}
            yield Need("calendar-clock", "", campaign.name, note, page)


def _n(text, count):
    return text % {"n": formats.number(count)}
