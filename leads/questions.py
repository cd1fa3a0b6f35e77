"""The agreed questions as pages show them, with what was answered."""

from engine.lately import Lately
from leads.models import Question

IN_USE = Lately(lambda: list(Question.objects.filter(active=True)))


def answered(lead):
    """[(Question, answer)] of the questions in use, by those of a few seconds ago; an answer may be empty."""
    return [(question, lead.answers.get(question.code, "")) for question in IN_USE()]
