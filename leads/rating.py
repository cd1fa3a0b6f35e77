"""Rating many leads at the desk at once, and answering an agreed question for them, as changes of the list of leads."""

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.bulk import NOTHING, Choice, theirs
from leads import agreement, assignment, pool
from leads.models import Grade, Lead
from leads.questions import IN_USE

GRADE = pgettext_lazy("to give a grade", "Rate")
LONGEST = 500  # characters of an answer, as on the page of one lead
SHOWN = 32  # characters of a question on a button


def choices():
    """The Choices at the desk: the grade, and the answer to each question in use."""
    return [
        Choice(
            "grade",
            GRADE,
            "star",
            _grade,
            "leads.qualify_lead",
            theirs("leads.qualify_lead"),
            write=_rate,
            note=gettext_lazy(
                "Where the scorecard proposes another grade, the reason is that they were rated together."
            ),
        ),
        *(_answer(question) for question in IN_USE()),
    ]


def _grade(user):
    """A grade, or none of the desk's own, in so many words."""
    choices = [("", "–"), (NOTHING, _("As the scorecard proposes")), *Grade.choices]
    return forms.TypedChoiceField(
        label=_("Grade"),
        choices=choices,
        coerce=lambda value: "" if value == NOTHING else value,
        empty_value="",
    )


class _AnswerField(forms.CharField):
    """An answer; none where the API says so."""

    def clean(self, value):
        return super().clean("" if value == NOTHING else value)


def _rate(choice, changes, *, by, at):
    """The desk's grade for each: with a reason where it is not the one proposed. Leads in line are looked at again."""
    proposals = agreement.proposed([lead.pk for lead in changes], at)
    others = len(changes) - 1
    together = ngettext("Rated together with %(n)d other.", "Rated together with %(n)d others.", others) % {
        "n": others
    }
    by_words = {}
    for lead, grade in changes.items():
        proposal = proposals.get(lead.pk)
        known = not grade or (proposal and proposal.grade == grade)
        by_words.setdefault((grade, "" if known else together), []).append(lead.pk)
    for (grade, reason), ids in by_words.items():
        Lead.objects.filter(pk__in=ids).update(grade=grade, grade_reason=reason, updated_at=at)
    pool.let_go([lead.pk for lead in changes], by=by, at=at)
    assignment.look_again([lead.pk for lead in changes], at)
    return {}


def _answer(question):
    """The Choice that answers one question."""

    def write(choice, changes, *, by, at):
        for lead, answer in changes.items():
            kept = {code: said for code, said in lead.answers.items() if code != question.code}
            lead.answers, lead.updated_at = kept | ({question.code: answer} if answer else {}), at
        Lead.objects.bulk_update(list(changes), ["answers", "updated_at"])
        return {}

    return Choice(
        f"answer-{question.pk}",
        Truncator(str(question)).chars(SHOWN),
        "message-square",
        lambda user: _AnswerField(label=str(question), max_length=LONGEST, required=False),
        "leads.qualify_lead",
        theirs("leads.qualify_lead"),
        now=lambda choice, records: {lead.pk: lead.answers.get(question.code, "") for lead in records},
        write=write,
        note=_("What was answered before is replaced; an empty field takes the answers away."),
    )
