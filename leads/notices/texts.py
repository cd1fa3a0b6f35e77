"""The sentence of each kind of notice, in the reader's language and time."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.models.cases import CaseKind
from leads.models.notices import NoticeKind
from ui import formats


def text(kind, facts):
    """One sentence: "A lead, Shanghai, answer by 10:40". `facts` is what the notice holds."""
    return SAID[kind](facts)


def together(kind, told):
    """One sentence for all that was told: a list of `sending.Told`, for one user or several."""
    count = sum(one.count for one in told)
    if count == 1:
        return text(kind, told[0].facts)
    if kind in (NoticeKind.OFFERED, NoticeKind.EXPIRING):
        said = _first_answers(count) if kind == NoticeKind.OFFERED else _first_ends(count)
        dues = [one.facts["until"] for one in told if one.facts.get("until")]
        return said % {"count": count, "until": moment(min(dues)) if dues else "–"}
    if kind == NoticeKind.EXPIRED:
        return _run_out(count)
    if kind == NoticeKind.STOOD_IN:
        return _several_stood_in(count)
    if kind == NoticeKind.MOMENT:
        return ngettext("%d person to look after", "%d people to look after", count) % count
    if kind == NoticeKind.FADING:
        said = ngettext(
            "%(count)d lead leaves you, the first on %(until)s, unless you follow up",
            "%(count)d leads leave you, the first on %(until)s, unless you follow up",
            count,
        )
        return said % {"count": count, "until": moment(min(one.facts["until"] for one in told))}
    if kind == NoticeKind.CALENDAR:
        return ngettext("%d calendar to look at", "%d calendars to look at", count) % count
    if kind == NoticeKind.REVIEW:
        return ngettext("%d decision to look at again", "%d decisions to look at again", count) % count
    if kind == NoticeKind.VOICE:
        return ngettext("%d change of what we say", "%d changes of what we say", count) % count
    if kind == NoticeKind.STEP:
        return ngettext("%d step planned for you", "%d steps planned for you", count) % count
    if kind == NoticeKind.DISPUTED:
        return _disputes(count)
    if kind == NoticeKind.COUNSEL:
        return ngettext("%d piece of advice to look at", "%d pieces of advice to look at", count) % count
    if kind == NoticeKind.WORD:
        return (
            ngettext("%d campaign on which your word counts", "%d campaigns on which your word counts", count)
            % count
        )
    return ngettext("%d book handed over", "%d books handed over", count) % count


def _run_out(count):
    said = ngettext("%(count)d offer of your team ran out", "%(count)d offers of your team ran out", count)
    return said % {"count": count}


def _several_stood_in(count):
    said = ngettext(
        "%(count)d lead of an absent colleague's accounts went to another rep",
        "%(count)d leads of absent colleagues' accounts went to other reps",
        count,
    )
    return said % {"count": count}


def _disputes(count):
    return ngettext("%d dispute has moved on", "%d disputes have moved on", count) % count


def _first_answers(count):
    return ngettext(
        "%(count)d lead, first answer by %(until)s", "%(count)d leads, first answer by %(until)s", count
    )


def _first_ends(count):
    return ngettext(
        "%(count)d offer runs out soon, the first at %(until)s",
        "%(count)d offers run out soon, the first at %(until)s",
        count,
    )


def _expiring(facts):
    until = moment(facts.get("until"))
    if facts.get("where"):
        said = _("Soon too late: a lead, %(where)s, answer by %(until)s")
        return said % {"where": facts["where"], "until": until}
    return _("Soon too late: a lead, answer by %(until)s") % {"until": until}


def _expired(facts):
    if facts.get("where"):
        return _("An offer of your team ran out: a lead, %(where)s") % {"where": facts["where"]}
    return _("An offer of your team ran out")


def _stood_in(facts):
    said = _("A lead of an absent colleague's account went to another rep")
    return _("%(what)s, %(where)s") % {"what": said, "where": facts["where"]} if facts.get("where") else said


def _offered(facts):
    where, until = facts.get("where"), moment(facts.get("until"))
    if where and until:
        return _("A lead, %(where)s, answer by %(until)s") % {"where": where, "until": until}
    return _("A lead, answer by %(until)s") % {"until": until} if until else _("A lead for you")


def _moment(facts):
    rule = _(facts["rule"])
    if facts.get("where"):
        return _("%(what)s, %(where)s") % {"what": rule, "where": facts["where"]}
    return rule


def _disputed(facts):
    if "of" in facts:
        return _argued(facts)
    return {
        "opened": _("A return is disputed: read the argument"),
        "answered": _("A disputed return is answered: both arguments wait for your ruling"),
        "decided": _("A disputed return is decided"),
        "passed": _("The heads do not agree on a disputed return: you decide"),
    }[facts["step"]]


def _argued(facts):
    what = CaseKind(facts["of"]).label
    return {
        "opened": _("Disputed: %(what)s. Read the argument"),
        "answered": _("Both arguments wait for your ruling: %(what)s"),
        "decided": _("A dispute is decided: %(what)s"),
        "passed": _("The heads do not agree, you decide: %(what)s"),
    }[facts["step"]] % {"what": what}


def _handed(facts):
    leads = ngettext("%(n)d lead", "%(n)d leads", facts["leads"]) % {"n": facts["leads"]}
    deals = ngettext("%(n)d deal", "%(n)d deals", facts["deals"]) % {"n": facts["deals"]}
    said = [_("A book was handed to you: %(leads)s, %(deals)s") % {"leads": leads, "deals": deals}]
    if steps := facts.get("steps"):
        said.append(ngettext("%(n)d step", "%(n)d steps", steps) % {"n": steps})
    if companies := facts.get("companies"):
        said.append(ngettext("%(n)d company", "%(n)d companies", companies) % {"n": companies})
    if asleep := facts.get("asleep"):
        said.append(ngettext("%(n)d lead asleep", "%(n)d leads asleep", asleep) % {"n": asleep})
    return ", ".join(said)


def _fading(facts):
    return _("A lead leaves you on %(until)s unless you follow up") % {"until": moment(facts["until"])}


def _calendar(facts):
    said = {"calendar": facts["calendar"], "year": facts["year"], "days": facts["days"]}
    return (
        _("Check the holidays and moved working days of %(year)d in “%(calendar)s”: %(days)d are entered")
        % said
    )


def _review(facts):
    month = formats.month(date.fromisoformat(facts["since"]))
    return _("The quarter of your shift of spend from %(month)s is over: look at it again") % {"month": month}


def _word(facts):
    if "adopted" in facts:
        return (
            _("Your advice was adopted") if facts["adopted"] else _("Your advice was declined, with a reason")
        )
    return _("Marketing asks for your word on a campaign by %(until)s") % {"until": moment(facts["until"])}


def _voice(facts):
    said = (
        _("We say no more: “%(words)s”")
        if facts["step"] == "retired"
        else _("We say from now on: “%(words)s”")
    )
    return said % {"words": facts["words"]}


def _step(facts):
    said = {"where": facts.get("where"), "until": moment(facts["until"])}
    if said["where"]:
        return _("A step for you, %(where)s, by %(until)s") % said
    return _("A step for you by %(until)s") % said


def _counsel(facts):
    return {
        "asked": _("Your advice is asked for by %(until)s") % {"until": moment(facts.get("until"))},
        "given": _("There is advice for you to answer"),
        "adopted": _("Your advice was adopted"),
        "declined": _("Your advice was declined, with a reason"),
        "stopped": _("Something stopped a talk: sales waits for your answer until %(until)s")
        % {"until": moment(facts.get("until"))},
        "solved": _("Marketing has answered what stopped your talk"),
        "story": _("How did you win it? Five short questions for the others"),
    }[facts["step"]]


SAID = {
    NoticeKind.OFFERED: _offered,
    NoticeKind.MOMENT: _moment,
    NoticeKind.HANDED: _handed,
    NoticeKind.WORD: _word,
    NoticeKind.COUNSEL: _counsel,
    NoticeKind.EXPIRING: _expiring,
    NoticeKind.EXPIRED: _expired,
    NoticeKind.STOOD_IN: _stood_in,
    NoticeKind.DISPUTED: _disputed,
    NoticeKind.FADING: _fading,
    NoticeKind.CALENDAR: _calendar,
    NoticeKind.REVIEW: _review,
    NoticeKind.VOICE: _voice,
    NoticeKind.STEP: _step,
}


def moment(written):
    """An ISO moment as every page writes one, in the reader's zone: "12 Mar 2026, 10:40"; "" for none."""
    return formats.moment(datetime.fromisoformat(written)) if written else ""
