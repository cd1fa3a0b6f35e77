"""Verbs of the desk in the REST API: what it answers, judges, makes ready and sets aside."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from accounts.unheard import bodiless, checked
from engine.idempotency import idempotent
from engine.refusals import Conflict
from leads import agreement, assignment, desk, funnel, handoffs, pool, questions, reception
from leads.api.passes import LeadSetAsideSerializer, LeadTakenBackSerializer, LeadWholeSerializer
from leads.api.shapes import (
    AdvancedSerializer,
    AnswersSerializer,
    DisqualifySerializer,
    GradeSerializer,
    IdsSerializer,
    NurtureSerializer,
    ReasonSerializer,
    TakeBackSerializer,
)
from leads.scoring import teaching
from pipeline.stages import Stage


class OfTheDesk:
    """Mixed into the resource of leads, which says who may do what."""

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def take(self, request, pk):
        """Take a lead at the desk, so that no colleague works on it too; again to go on having it. 409 where one does.

        Nobody owns it by that. After half an hour without work it is anybody's again.
        """
        lead, at = self.get_permitted(), timezone.now()
        if not reception.take(lead.pk, by=request.user, at=at):
            raise Conflict(reception.too_late(lead.pk, at))
        return self.row(pk)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def free(self, request, pk):
        """Give a lead back to the desk; where a colleague has it, nothing changes."""
        lead = self.get_permitted()
        reception.free(lead.pk, by=request.user)
        return self.row(pk)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def qualify(self, request, pk):
        """Make an MQL by hand, with a reason."""
        lead = self.get_permitted()
        reason = checked(ReasonSerializer(data=request.data))["reason"]
        return self._told(
            funnel.advance([lead.pk], Stage.MQL, actor=request.user, reason=reason, at=timezone.now()), pk
        )

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def ready(self, request, pk):
        """Mark an MQL ready, so that it is offered to a rep."""
        lead = self.get_permitted()
        return self._told(agreement.make_ready([lead.pk], actor=request.user, at=timezone.now()), pk)

    @extend_schema(operation_id="leads_ready_many", request=IdsSerializer, responses=AdvancedSerializer)
    @action(detail=False, methods=["post"], url_path="ready")
    @idempotent
    def ready_many(self, request):
        """Mark many MQLs ready; the answer names those refused, with the reason of each."""
        said = checked(IdsSerializer(data=request.data))
        seen = self.get_queryset().filter(pk__in=said["ids"])
        theirs = [lead.pk for lead in seen if request.user.has_perm("leads.qualify_lead", lead)]
        done = agreement.make_ready(theirs, actor=request.user, at=timezone.now())
        refused = [{"id": refusal.lead_id, "why": refusal.why} for refusal in done.refused]
        return Response({"moved": done.moved, "refused": refused})

    @extend_schema(request=AnswersSerializer, responses=LeadWholeSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def answers(self, request, pk):
        """Answer the agreed questions, by their codes; what is not named stays as it was."""
        lead = self.get_permitted()
        said = checked(AnswersSerializer(data=request.data))
        questions.answer(lead.pk, said["answers"])
        return self.retrieve(request, pk)

    @extend_schema(request=GradeSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def grade(self, request, pk):
        """Set the desk's grade; another one than proposed needs a reason. Of grade A, it leaves the pool and is routed."""
        lead = self.get_permitted()
        said, at = checked(GradeSerializer(data=request.data)), timezone.now()
        try:
            agreement.set_grade(lead, **said, at=at)
        except ValueError as error:
            raise ValidationError({"reason": [str(error)]}) from None
        pool.let_go([lead.pk], by=request.user, at=at)
        assignment.look_again([lead.pk], at)
        return self.row(pk)

    @extend_schema(request=NurtureSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def nurture(self, request, pk):
        """Set aside until it wakes up."""
        return self._set_aside(request, Stage.NURTURE, NurtureSerializer(data=request.data))

    @extend_schema(request=DisqualifySerializer, responses=LeadSetAsideSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def disqualify(self, request, pk):
        """Take out of the funnel, with a reason; a robot, competitor or student teaches the next scorecard.

        The answer has the lead and its `lesson`: `drafts`, `about` (whom they take points from) and `not_learned`
        (`what` taught nothing, and `why`); null where the code teaches nothing.
        """
        shape = DisqualifySerializer(data=request.data)
        answer = self._set_aside(request, Stage.DISQUALIFIED, shape)
        lesson = teaching.teach([int(pk)], shape.validated_data["code"])
        answer.data["lesson"] = lesson and lesson.as_dict()
        return answer

    @extend_schema(request=TakeBackSerializer, responses=LeadTakenBackSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    @idempotent
    def take_back(self, request, pk):
        """Take the desk's last move of a lead back: it stands where it stood before, in the pool or asleep as it was.

        `forgotten` in the answer names whom the next scorecard takes no points from any more; `kept` of whom it goes on,
        and why.
        """
        lead = self.get_permitted()
        wakes = checked(TakeBackSerializer(data=request.data))["wake_at"]
        back = desk.take_back(
            lead.stage, desk.before_last(lead), by=request.user, at=timezone.now(), wake_at=wakes
        )
        if back.refused:
            raise Conflict(" ".join(str(refusal.why) for refusal in back.refused))
        answer = self.row(pk)
        answer.data["forgotten"] = back.forgotten.about
        answer.data["kept"] = back.forgotten.as_dict()["not_learned"]
        return answer

    def _set_aside(self, request, to, shape):
        lead, said = self.get_permitted(), checked(shape)
        return self._told(
            handoffs.set_aside([lead.pk], to, by=request.user, at=timezone.now(), **said), lead.pk
        )

    def _told(self, result, pk):
        if result.refused:
            raise ValidationError({"stage": [refusal.why for refusal in result.refused]})
        return self.row(pk)
