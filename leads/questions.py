"""The agreed questions as pages show them, with what was answered."""

from django.db import transaction

from engine.lately import Lately
from leads.models import Lead, Question

IN_USE = Lately(lambda: list(Question.objects.filter(active=True)))


def answered(lead):
    """[(Question, answer)] of the questions in use, by those of a few seconds ago; an answer may be empty."""
    return [(question, lead.answers.get(question.code, "")) for question in IN_USE()]


@transaction.atomic
def answer(lead_id, said):
    """Write answers by their codes; what is not named stays as it was, also where others write at the same moment."""
    lead = Lead.objects.select_for_update(no_key=True).get(pk=lead_id)
    lead.answers |= said
    lead.save(update_fields=["answers", "updated_at"])
