"""What people write down and plan in the REST API: notes about contacts, and steps."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response

from accounts.resources import IF_MATCH, Resource, Writable
from accounts.unheard import Heard, bodiless
from engine.idempotency import idempotent
from engine.moments import in_reach
from leads.api.taps import take_back
from leads.models import Note
from pipeline import helping, steps
from pipeline.models import Company, Contact, Deal, Step
from ui.filters import FilterSet


class NoteSerializer(Heard, serializers.ModelSerializer):
    """A note about a contact: it adds to no score and stops no clock."""

    class Meta:
        model = Note
        fields = ["id", "contact", "text", "by", "at"]
        read_only_fields = ["contact", "by", "at"]


class NoteFilters(FilterSet):
    class Meta:
        model = Note
        fields = ["contact", "by"]


class NoteResource(Resource):
    """Notes. To write one, post to `/leads/{id}/notes/`."""

    queryset = Note.objects.all()
    serializer_class = NoteSerializer
    filterset_class = NoteFilters
    order = ("-at", "-id")
    may = {"undo": "leads.take_back"}

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def undo(self, request, pk):
        """Take back what the caller wrote within the last ten minutes."""
        take_back(request, note=self.get_permitted().pk)
        return Response(status=204)


class PlannedStepSerializer(Heard, serializers.ModelSerializer):
    """What is to be done, by whom, by when, about one contact, deal or company; `planned_by` who planned it for somebody else."""

    class Meta:
        model = Step
        fields = [
            "id", "what", "owner", "planned_by", "due_at", "done_at", "contact", "deal", "company", "created_at",
        ]  # fmt: skip
        read_only_fields = ["planned_by", "done_at"]
        extra_kwargs = {"due_at": {"validators": [in_reach]}, "owner": {"required": False}}


class StepChangeSerializer(serializers.ModelSerializer):
    """What of a step may be changed."""

    class Meta:
        model = Step
        fields = ["what", "due_at", "owner"]
        extra_kwargs = {"due_at": {"validators": [in_reach]}}


class StepFilters(FilterSet):
    class Meta:
        model = Step
        fields = {
            "owner": ["exact"],
            "planned_by": ["exact"],
            "contact": ["exact"],
            "deal": ["exact"],
            "company": ["exact"],
            "done_at": ["isnull"],
        }


class StepResource(Writable):
    """Steps: what is to be done."""

    queryset = Step.objects.all()
    serializer_class = PlannedStepSerializer
    change_serializer_class = StepChangeSerializer
    filterset_class = StepFilters
    elsewhere = {"done_at": ("done", "open")}
    may = {
        "create": "pipeline.add_step",
        "partial_update": "pipeline.work_step",
        "done": "pipeline.work_step",
        "open": "pipeline.work_step",
    }
    ABOUT = ((Deal, "deal", "leads.assist_lead"), (Contact, "contact", None), (Company, "company", None))

    @extend_schema(request=PlannedStepSerializer)
    @idempotent
    def create(self, request):
        """Plan a step about exactly one contact, deal or company, for `owner` or oneself; an adviser's on a deal is its owner's."""
        self.refuse_elsewhere(request.data)
        given = self.valid(request).validated_data
        about = [name for _model, name, _permission in self.ABOUT if given.get(name)]
        if len(about) != 1:
            raise ValidationError(_("A step is about one contact, one deal or one company."))
        for model, name, permission in self.ABOUT:
            thing = given.get(name)
            if thing and not model.objects.visible_to(request.user).filter(pk=thing.pk).exists():
                raise ValidationError({name: _("This is not there, or not yours to see.")})
            if thing and permission and not request.user.has_perm(permission, thing):
                raise PermissionDenied
        deal = given.get("deal")
        own = deal is None or deal.owner is None or request.user.has_perm("pipeline.work_deal", deal)
        owner = given.pop("owner", request.user if own else deal.owner)
        step = Step(**given)
        if owner.pk != (request.user if own else deal.owner).pk:
            self._refuse_strangers(step, owner)
        return self.row(steps.plan(step, owner.pk, by=request.user, at=timezone.now()).pk, status=201)

    @extend_schema(parameters=[IF_MATCH])
    def partial_update(self, request, pk):
        """Change the fields given; whoever it is given to is told."""
        with self.unchanged() as step:
            given = self.valid(request, step, partial=True).validated_data
            owner = given.pop("owner", step.owner)
            if owner.pk != step.owner_id:
                self._refuse_strangers(step, owner)
            for name, value in given.items():
                setattr(step, name, value)
            steps.plan(step, owner.pk, by=request.user, at=timezone.now())
        return self.row(pk)

    def _refuse_strangers(self, step, owner):
        """Raises ValidationError unless `owner` may be asked for the step."""
        if owner.pk not in {one.pk for one in helping.helpers(steps.about(step), self.request.user)}:
            raise ValidationError({"owner": _("Choose somebody who sees it and works with it.")})

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def done(self, request, pk):
        """It is done."""
        step = self.get_permitted()
        Step.objects.filter(pk=step.pk, done_at=None).update(done_at=timezone.now())
        return self.row(pk)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def open(self, request, pk):
        """It was not done after all."""
        Step.objects.filter(pk=self.get_permitted().pk).update(done_at=None)
        return self.row(pk)

    def valid(self, request, *instance, **options):
        """A change takes less than the whole."""
        shape = StepChangeSerializer if instance else PlannedStepSerializer
        serializer = shape(*instance, data=request.data, **options)
        serializer.is_valid(raise_exception=True)
        return serializer
