"""What setting a lead aside teaches: a rule that takes points from its like, in a draft that a head publishes."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from leads.models import Lead, ScoreModel, ScoreRule
from leads.models.score import Operator
from leads.scoring import versions
from pipeline.models import Identity

TAKES = -100
GROUP = _("Set aside")
TEACHES = ("robot", "competitor", "student", "spam")
# Where everybody has an address, the domain says nothing about the next one.
PUBLIC = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "aol.com",
     "gmx.de", "gmx.net", "web.de", "t-online.de", "mail.ru", "yandex.ru", "bk.ru", "list.ru", "inbox.ru", "rambler.ru",
     "qq.com", "163.com", "126.com", "sina.com", "sohu.com", "foxmail.com", "aliyun.com", "proton.me", "protonmail.com"}
)  # fmt: skip


@dataclass(frozen=True)
class Lesson:
    """What a rule was drafted for: the draft, and the mail domain or company that loses points."""

    draft: ScoreModel
    about: list[str]


def teach(lead_ids, code):
    """Draft rules that take points from the like of these leads: their mail domains, else their companies.

    Nothing is graded by them until a marketing head publishes the draft, where each can be taken out again. Returns
    the Lesson, or None where `code` teaches nothing or there is nothing to know the next one by.
    """
    if code not in TEACHES:
        return None
    wanted = {("contact.email", Operator.CONTAINS, f"@{domain}") for domain in _domains(lead_ids)}
    if not wanted and code == "competitor":
        wanted = {("company", Operator.IS, name) for name in _companies(lead_ids)}
    if not wanted:
        return None
    draft = versions.latest_draft() or versions.draft()
    known = set(draft.rules.filter(group=GROUP).values_list("field", "operator", "value"))
    fresh = sorted(wanted - known)
    ScoreRule.objects.bulk_create(
        ScoreRule(
            model=draft, field=field, operator=operator, value=value, points=TAKES, group=GROUP, position=900
        )
        for field, operator, value in fresh
    )
    return Lesson(draft, [value.removeprefix("@") for _field, _operator, value in fresh]) if fresh else None


def _domains(lead_ids):
    addresses = Identity.objects.filter(
        contact__leads__in=lead_ids, kind__in=("email", "role_email")
    ).values_list("value", flat=True)
    return {address.rpartition("@")[2] for address in addresses} - PUBLIC - {""}


def _companies(lead_ids):
    names = Lead.objects.filter(pk__in=lead_ids, contact__company__isnull=False)
    return set(names.values_list("contact__company__name", flat=True))
