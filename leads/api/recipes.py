"""Campaign templates in the REST API: kept as on their pages, and a campaign from one in one request."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.formed import Formed, Shown
from accounts.unheard import Heard
from engine.idempotency import idempotent
from engine.moments import day_in_reach
from leads import recipes
from leads.forms.recipes import BeginForm, TemplateForm
from leads.models import CampaignTemplate
from ui.filters import FilterSet


class TemplateSerializer(Formed, serializers.ModelSerializer):
    """What a new campaign of a kind begins with. `days` is how long it lasts; amounts are in the report currency."""

    class Meta:
        model, form = CampaignTemplate, TemplateForm
        fields = ["id", *TemplateForm.Meta.fields]


class BeginSerializer(Heard, Formed, serializers.Serializer):
    """What no template knows. Without `budget` and `with_form` they are the template's."""

    name = serializers.CharField(max_length=300)
    starts_on = serializers.DateField(validators=[day_in_reach])
    budget = serializers.DecimalField(18, 4, required=False, allow_null=True, min_value=0)
    with_form = serializers.BooleanField(required=False)

    def begin(self, *data):
        """The page's form, as it opens for this template."""
        template = self.context["template"]
        return BeginForm(*data, initial={"budget": template.budget, "with_form": template.with_form})


class BegunSerializer(serializers.Serializer):
    """The campaign that is there now, and its capture form, null where it has none."""

    campaign = serializers.IntegerField()
    form = serializers.IntegerField(allow_null=True)


class TemplateFilters(FilterSet):
    class Meta:
        model = CampaignTemplate
        fields = ["channel", "active"]


class TemplateResource(Shown):
    """Campaign templates: those in use for whoever makes campaigns, all of them for whoever keeps them."""

    queryset = CampaignTemplate.objects.all()
    serializer_class = TemplateSerializer
    filterset_class = TemplateFilters
    order = ("position", "id")
    reads = "pipeline.add_campaign"
    may = {
        **dict.fromkeys(("create", "partial_update"), "leads.change_template"),
        "start": "pipeline.add_campaign",
    }

    def get_queryset(self):
        """Without those that are in use no more, for whoever does not keep them."""
        found = super().get_queryset()
        keeps = self.request is not None and self.request.user.has_perm("leads.change_template")
        return found if keeps else found.filter(active=True)

    @extend_schema(request=BeginSerializer, responses={201: BegunSerializer})
    @action(detail=True, methods=["post"])
    @idempotent
    def start(self, request, pk):
        """Begin a campaign after the template; it runs at once when its first day has come."""
        template = self.get_permitted()
        shape = BeginSerializer(data=request.data, context={"template": template})
        shape.is_valid(raise_exception=True)
        said = shape.form.cleaned_data
        campaign, form = recipes.begin(template, **said, by=request.user, at=timezone.now())
        return Response({"campaign": campaign.pk, "form": form and form.pk}, status=201)
