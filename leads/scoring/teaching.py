"""What setting a lead aside teaches: a rule that takes points from its like, in drafts that a head publishes.

Taken back where the lead comes back, unless another one that was set aside teaches the same.
"""

from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext, ngettext

from leads.models import Lead, ScoreModel, ScoreRule
from leads.models.score import Operator
from leads.scoring import versions
from pipeline.mailboxes import PUBLIC_DOMAINS
from pipeline.models import Deal, Identity
from pipeline.stages import Stage
from ui.formats import listed

SQL = Path(__file__).parents[1] / "sql"
TAKES = -100
GROUP = versions.LESSONS
TEACHES = ("robot", "competitor", "student", "spam")
# More people than that, none of them set aside, and the domain is not one sender's.
HANDFUL = 5
NAMED = 3  # domains or companies that one sentence names
EMAIL, COMPANY = "contact.email", "company"


@dataclass(frozen=True)
class Lesson:
    """What was learned, or unlearned: the drafts it stands in, and the mail domains or companies it is about.

    `not_learned` tells of each that no rule was drafted for, and why, in the reader's language.
    """

    drafts: list[ScoreModel] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    not_learned: list[tuple[str, str]] = field(default_factory=list)

    @property
    def words(self):
        """What to tell whoever set the leads aside, a sentence each."""
        said = []
        if self.about:
            text = gettext(
                "The next scorecard takes points from: %(about)s. A head of marketing publishes it."
            )
            said.append(text % {"about": listed(self.about[:NAMED])})
        for what, why in self.not_learned[:NAMED]:
            said.append(gettext("No rule was learned from %(what)s: %(why)s") % {"what": what, "why": why})
        return said

    @property
    def foreseen_words(self):
        """What to tell whoever is about to set the leads aside, a sentence each."""
        said = []
        if self.about:
            text = gettext("The next scorecard will take points from: %(about)s.")
            said.append(text % {"about": listed(self.about[:NAMED])})
        for what, why in self.not_learned[:NAMED]:
            said.append(gettext("No rule is learned from %(what)s: %(why)s") % {"what": what, "why": why})
        return said

    def as_dict(self):
        """As the API tells it."""
        return {
            "drafts": [draft.pk for draft in self.drafts],
            "about": self.about,
            "not_learned": [{"what": what, "why": why} for what, why in self.not_learned],
        }


def teach(lead_ids, code) -> Lesson | None:
    """Draft rules that take points from the like of these leads: their mail domains, else their companies.

    A domain that other people use as well teaches nothing. Nothing is graded by the rules until a marketing head
    publishes the draft, where each can be taken out again. Returns the Lesson, or None where `code` teaches nothing.
    """
    if code not in TEACHES or not lead_ids:
        return None
    wanted, spared = _meant(lead_ids, code)
    with transaction.atomic():
        taught = {line: _add(line, wanted) for line in _lines()}
    drafts = [versions.latest_draft(line) for line, rules in taught.items() if rules]
    return _lesson(drafts, wanted, set().union(*taught.values()), spared)


def foreseen(lead_ids, code) -> Lesson | None:
    """The Lesson that `teach` would give for these leads, without its drafts; nothing is drafted."""
    if code not in TEACHES or not lead_ids:
        return None
    wanted, spared = _meant(lead_ids, code)
    return _lesson([], wanted, set().union(*(wanted - _known(_newest(line)) for line in _lines())), spared)


def _meant(lead_ids, code):
    """(rules that leads set aside as `code` teach, {domain or company: why none is learned from it})."""
    domains = _domains(lead_ids)
    spared = _shared(domains, lead_ids)
    wanted = {(EMAIL, Operator.ENDS, f"@{domain}") for domain in domains - set(spared)}
    if not wanted and code == "competitor":
        names = _companies(lead_ids)
        spared |= dict.fromkeys(_customers(names), gettext("there are deals with it."))
        wanted = {(COMPANY, Operator.IS, name) for name in names - set(spared)}
    return wanted, spared


def _lesson(drafts, wanted, fresh, spared):
    known = [(_named(one), gettext("the scorecard knows it already.")) for one in sorted(wanted - fresh)]
    return Lesson(drafts, sorted(_named(one) for one in fresh), sorted(spared.items()) + known)


def _known(model):
    """The lessons in a scorecard or draft, as rules."""
    return set(model.rules.filter(group=GROUP).values_list("field", "operator", "value"))


def _newest(line):
    """The draft of the line that a lesson would go into, else the scorecard in force; neither is held."""
    draft, in_force = versions.latest_draft(line), ScoreModel.objects.get(in_force=True, line=line)
    return draft if draft and draft.number > in_force.number else in_force


def taught_by(lead_ids):
    """Those of the leads that were set aside for something that teaches."""
    return set(_set_aside().filter(pk__in=lead_ids).values_list("pk", flat=True))


def forget(lead_ids) -> Lesson:
    """Take the lesson of leads that came back out of the scorecards, unless others that are still set aside teach it.

    What is in force already is taken out of a new draft. Returns the Lesson: `about` is what the drafts do not take
    points from any more, `not_learned` what they go on with, and why.
    """
    if not lead_ids:
        return Lesson()
    values = {f"@{domain}" for domain in _domains(lead_ids)} | _companies(lead_ids)
    left = _set_aside().exclude(pk__in=lead_ids)
    with transaction.atomic():
        taught = ScoreRule.objects.filter(group=GROUP, value__in=values)
        known = values.intersection(taught.values_list("value", flat=True))
        kept = {value for value in known if _still_taught(left, value)}
        known -= kept
        gone = {line: _take_out(line, known) for line in _lines()} if known else {}
    about = sorted({value.removeprefix("@") for values in gone.values() for value in values})
    drafts = [draft for line, values in gone.items() if values and (draft := versions.latest_draft(line))]
    why = gettext("others that are set aside teach it as well.")
    return Lesson(drafts, about, [(value.removeprefix("@"), why) for value in sorted(kept)])


def _lines():
    """Every product line with a scorecard in force: a robot is one whatever it asks for."""
    return list(ScoreModel.objects.filter(in_force=True).order_by("line").values_list("line", flat=True))


def _add(line, wanted):
    """Draft the rules that the line's scorecard does not know yet; returns those."""
    draft = _held_draft(line)
    source = draft or ScoreModel.objects.get(in_force=True, line=line)
    fresh = wanted - _known(source)
    if fresh:
        draft = draft or versions.draft(line=line, by_lesson=True)
        ScoreRule.objects.bulk_create(
            ScoreRule(
                model=draft, field=field, operator=operator, value=value, points=TAKES, group=GROUP, position=900
            )
            for field, operator, value in sorted(fresh)
        )  # fmt: skip
    return fresh


def _take_out(line, values):
    """Take rules out of the line's drafts, one made where there is none; returns the values that were taken out.

    A draft that a lesson made is thrown away where it has nothing left to say over the scorecard in force.
    """
    draft = _held_draft(line)
    in_force = ScoreModel.objects.get(in_force=True, line=line)
    learned = {"group": GROUP, "value__in": values}
    taught = (draft or in_force).rules.filter(**learned)
    known = values.intersection(taught.values_list("value", flat=True))
    older = list(versions.drafts(line).select_for_update().exclude(pk=draft and draft.pk))
    ScoreRule.objects.filter(model__in=[one.pk for one in older], **learned).delete()
    if known:
        draft = draft or versions.draft(line=line, by_lesson=True)
        draft.rules.filter(**learned).delete()
        for one in (draft, *older):
            if one.by_lesson and versions.same(one, in_force):
                versions.discard(one)
    return known


def _held_draft(line):
    """The line's newest draft, kept from being published until the transaction ends; or None."""
    draft = versions.latest_draft(line)
    if draft is None:
        return None
    held = ScoreModel.objects.select_for_update().filter(pk=draft.pk)
    newest = ScoreModel.objects.get(in_force=True, line=line).number
    # One that a newer version has passed by would take the rules of that one away.
    return next((one for one in held if one.is_draft and one.number > newest), None)


def _named(rule):
    return rule[2].removeprefix("@")


def _set_aside():
    return Lead.objects.filter(stage=Stage.DISQUALIFIED, disqualified_because__in=TEACHES)


def _still_taught(leads, value):
    """Whether one of the leads, which are set aside, teaches what a rule with this value says."""
    if value.startswith("@"):
        by = {
            "contact__identities__kind__in": ("email", "role_email"),
            "contact__identities__value__endswith": value,
        }
    else:
        by = {"contact__company__name": value, "disqualified_because": "competitor"}
    return leads.filter(**by).exists()


def _domains(lead_ids):
    addresses = Identity.objects.filter(
        contact__leads__in=lead_ids, kind__in=("email", "role_email")
    ).values_list("value", flat=True)
    return {address.rpartition("@")[2] for address in addresses} - {""}


def _shared(domains, lead_ids):
    """{domain: why no rule is learned from it} of those that are not the senders' own."""
    public = dict.fromkeys(domains & PUBLIC_DOMAINS, gettext("everybody may have an address there."))
    asked = {"domains": list(domains - PUBLIC_DOMAINS), "leads": list(lead_ids), "codes": list(TEACHES)}
    with connection.cursor() as cursor:
        cursor.execute((SQL / "domains.sql").read_text(), asked)
        told = {domain: _why_shared(*counts) for domain, *counts in cursor.fetchall()}
    return public | {domain: why for domain, why in told.items() if why}


def _why_shared(others, firms, deals):
    """Why a domain with so many `others` and `firms` is not one sender's; empty where it may be."""
    if deals:
        return gettext("there are deals with its people.")
    if others > HANDFUL or (others and not firms):
        return ngettext(
            "%(count)d other person writes from there.", "%(count)d other people write from there.", others
        ) % {"count": others}
    return gettext("its people work for different companies.") if firms > 1 else ""


def _companies(lead_ids):
    names = Lead.objects.filter(pk__in=lead_ids, contact__company__isnull=False)
    return set(names.values_list("contact__company__name", flat=True))


def _customers(names):
    """Those of the companies that there are deals with."""
    return set(Deal.objects.filter(company__name__in=names).values_list("company__name", flat=True))
