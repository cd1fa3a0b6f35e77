"""What somebody wants of us, as the card says on which a rep decides: the product, their own last words, their answers."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from leads import questions
from leads.models import Touch, TouchKind
from pipeline.models import Product

WORDLESS = (TouchKind.CLICK, TouchKind.VISIT)  # their notes are addresses of pages


@dataclass(frozen=True)
class Wants:
    """In one line; `answers` are [(Question, answer)] without those that nobody has answered."""

    product: Product | None
    message: str
    answers: list

    def __bool__(self):
        return bool(self.product or self.message or self.answers)


def with_message(handoffs):
    """Handoffs that know `message`: what the person told us last in words, since the pass began."""
    theirs = Touch.objects.filter(
        contact=OuterRef("lead__contact"),
        at__gte=OuterRef("lead__captured_at"),
        outbound=False,
        automatic=False,
    )
    spoken = theirs.exclude(kind__in=WORDLESS).exclude(note="").order_by("-at", "-pk")
    return handoffs.select_related("lead__product").annotate(message=Subquery(spoken.values("note")[:1]))


def of(handoff) -> Wants:
    """The Wants of a handoff `with_message`."""
    answers = [(question, answer) for question, answer in questions.answered(handoff.lead) if answer]
    return Wants(handoff.lead.product, handoff.message or "", answers)
