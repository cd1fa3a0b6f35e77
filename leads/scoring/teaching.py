"""What setting a lead aside teaches: a rule that takes points from its like, in drafts that a head publishes."""

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
    """What rules were drafted for: the draft of each scorecard, and the mail domains or companies that lose points."""

    drafts: list[ScoreModel]
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
    taught = {line: _add(line, wanted) for line in _lines()}
    fresh = sorted(set().union(*taught.values()))
    drafts = [versions.latest_draft(line) for line, rules in taught.items() if rules]
    return Lesson(drafts, [value.removeprefix("@") for _field, _operator, value in fresh]) if fresh else None


def _lines():
    """Every product line with a scorecard in force: a robot is one whatever it asks for."""
    return ScoreModel.objects.filter(in_force=True).order_by("line").values_list("line", flat=True)


def _add(line, wanted):
    """Draft the rules that the line's scorecard does not know yet; returns those."""
    draft = versions.latest_draft(line)
    source = draft or ScoreModel.objects.get(in_force=True, line=line)
    fresh = wanted - set(source.rules.filter(group=GROUP).values_list("field", "operator", "value"))
    if fresh:
        draft = draft or versions.draft(line=line)
        ScoreRule.objects.bulk_create(
            ScoreRule(
                model=draft, field=field, operator=operator, value=value, points=TAKES, group=GROUP, position=900
            )
            for field, operator, value in sorted(fresh)
        )  # fmt: skip
    return fresh


def _domains(lead_ids):
    addresses = Identity.objects.filter(
        contact__leads__in=lead_ids, kind__in=("email", "role_email")
    ).values_list("value", flat=True)
    return {address.rpartition("@")[2] for address in addresses} - PUBLIC - {""}


def _companies(lead_ids):
    names = Lead.objects.filter(pk__in=lead_ids, contact__company__isnull=False)
    return set(names.values_list("contact__company__name", flat=True))
