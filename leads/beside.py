"""What is signed beside the terms of a version: the agreed questions, why a lead may be returned and where that sends it, and
what the stages of deals mean.

An administrator may change them under Set-up, and a change counts at once. A version keeps what they said when it was first
signed, so that everybody sees what was agreed and where Set-up says something else by now.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.models import Destination, Question, ReturnReason
from leads.models.agreement import RETURNED_TO
from pipeline import gates
from pipeline.models import DealStage
from ui import formats

STAGED = ("code", "name", "definition", "asks")
ASKED = ("code", "text")
GIVEN = ("code", "name", "destination", "wake_days", "blames")


@dataclass(frozen=True)
class Strayed:
    """What Set-up says otherwise than the version that was signed; None: is not there."""

    name: str
    signed: str | None
    now: str | None


def as_now(using="default"):
    """{"questions": [{code, text}], "reasons": [{code, name, destination, wake_days, blames}], "stages":
    [{code, name, definition, asks}]} that are in use now."""
    questions = Question.objects.using(using).filter(active=True, required=True)
    reasons = ReturnReason.objects.using(using).filter(active=True)
    stages = DealStage.objects.using(using).filter(active=True)
    return {
        "questions": list(questions.values(*ASKED)),
        "reasons": list(reasons.values(*GIVEN)),
        "stages": list(stages.values(*STAGED)),
    }


def of(version):
    """The same as it was signed with this version; as now where nobody has signed it yet, or it was signed without."""
    return signed(version.questions, version.reasons, version.stages, as_now())


def signed(questions, reasons, stages, now):
    """What a version was signed with; what it is silent about is as `now`."""
    if reasons is None:
        return now
    return {"questions": questions, "reasons": reasons, "stages": now["stages"] if stages is None else stages}


def questions(agreed):
    """The questions of what `of` gives, listed in the reader's language: “By when?”, “How many?”."""
    texts = [one["text"] for one in agreed["questions"]]
    return formats.listed(_("“%(words)s”") % {"words": _(text)} for text in texts)


def reasons(agreed):
    """[(name, where it sends a lead)] of the reasons of what `of` gives, in the reader's language."""
    names = [(one["name"], one) for one in agreed["reasons"]]
    return [(_(name), told_reason(one)) for name, one in names]


def reason_of(handoff):
    """{code, name, destination, wake_days, blames} of the reason of a return, as the version under which it was offered has it."""
    reason = handoff.reason
    signed = {one["code"]: one for one in handoff.agreement.reasons or []}
    return signed.get(reason.code) or {name: getattr(reason, name) for name in GIVEN}


def strayed(signed, now):
    """[Strayed] between what was signed and what is said now, each as `of` and `as_now` give it."""
    rows = []
    for kind, name, told in (
        ("questions", "text", _question), ("reasons", "name", told_reason), ("stages", "name", _stage),
    ):  # fmt: skip
        was, becomes = ({one["code"]: one for one in side[kind]} for side in (signed, now))
        for code in dict.fromkeys([*was, *becomes]):
            if was.get(code) != becomes.get(code):
                called = (was.get(code) or becomes[code])[name]
                ways = [told(side[code]) if code in side else None for side in (was, becomes)]
                rows.append(Strayed(_(called), *ways))
    return rows


def _question(question):
    return _("asked before a lead is ready")


def _stage(stage):
    return _("“%(stage)s”, %(means)s") % {"stage": _(stage["name"]), "means": stage_means(stage) or "–"}


def stage_means(stage):
    """What a stage of deals means and asks for, in the reader's words."""
    known = gates.vocabulary() if any(name.startswith(gates.FIELD) for name in stage["asks"]) else gates.ASKS
    asks = [str(known[name][0]) for name in stage["asks"] if name in known]
    definition = stage["definition"]
    means = _(definition) if definition else ""
    return " · ".join(part for part in (means, formats.listed(asks) if asks else "") if part)


def told_reason(reason):
    """Where a reason sends a lead, in the reader's words."""
    goes = str(dict(RETURNED_TO)[reason["destination"]])
    if reason["destination"] == Destination.NURTURE:
        days = reason["wake_days"]
        goes = ngettext("%(goes)s, after %(days)d day", "%(goes)s, after %(days)d days", days) % {
            "goes": goes,
            "days": days,
        }
    return goes if reason["blames"] else _("%(goes)s, counts against nobody") % {"goes": goes}
