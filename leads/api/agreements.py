"""The agreement in the REST API: its versions, drafts, signatures, and last quarter under a version."""

from dataclasses import asdict

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.describing import shape
from accounts.models import Segment
from accounts.resources import Writable
from accounts.unheard import Heard, checked
from engine.idempotency import idempotent
from engine.refusals import Conflict
from leads import arbitration, beside, contacting, drafting, fields, retrospect, sense
from leads.clauses import KEYS
from leads.forms.agreement import CLOCKS, OF_NO_CUSTOMERS
from leads.models import Agreement, AgreementSignature
from leads.terms import in_force
from ui.filters import FilterSet

DRAFTS = "leads.draft_agreement"
TERMS = [
    "sales_from", "fit_floor", "engagement_floor", "touches_floor", "hand_raisers", "required_fields", "desk_minutes",
    "answer_minutes", "contact_minutes",
    "attempts_owed", "around_the_clock", "reoffers", "desk_days", "protection_days", "warning_days", "extensions",
    "extension_days", "rest_days", "claims_a_day", "cooling_days", "farmer_days", "collision_days", "talk_days",
    "ruling_days", "arbiter", "undecided",
    "contact_rules", "owed_sqls", "owed_by_segment", "note",
]  # fmt: skip


def _whole(least, most):
    return serializers.DictField(
        child=serializers.IntegerField(min_value=least, max_value=most), required=False
    )


class AgreementSerializer(serializers.ModelSerializer):
    """A version of the agreement. Minutes and attempts are by grade, `hand` and `inquiry`, the desk's without `inquiry` (empty: not agreed); `owed_by_segment` by segment code.

    `sales_from`: the stage from which on sales is responsible for a lead, and marketing before.
    `contact_rules`: {phase: {way: {`track`: who is responsible, `other`: free, tell or not}}} of the phases before, sales, deal,
    customer and asleep and the ways call, meeting, mail and mailing.

    Where both heads do not agree on a dispute within `ruling_days` working days, the `arbiter` decides within as many; what nobody
    decides `stands`, or goes as `asked`.

    What a new draft does not say is as in the version in force. `questions` and `reasons` (why a lead may be returned, and
    where that sends it) are as they stood when it was first signed, null before; `strayed` is where Set-up says otherwise.
    """

    desk_minutes = _whole(*CLOCKS["desk_minutes"][1:])
    answer_minutes = _whole(*CLOCKS["answer_minutes"][1:])
    contact_minutes = _whole(*CLOCKS["contact_minutes"][1:])
    attempts_owed = _whole(*CLOCKS["attempts_owed"][1:])
    owed_by_segment = _whole(1, 100_000)
    required_fields = serializers.ListField(
        child=serializers.ChoiceField(list(fields.FIELDS)), required=False
    )
    contact_rules = serializers.JSONField(required=False)
    arbiter = serializers.PrimaryKeyRelatedField(
        queryset=arbitration.arbiters(), required=False, allow_null=True
    )
    engagement_floor = serializers.IntegerField(min_value=1, max_value=4, required=False)

    class Meta:
        model = Agreement
        fields = ["id", "version", *TERMS, "questions", "reasons", "stages", "created_at"]
        read_only_fields = ["version", "questions", "reasons", "stages", "created_at"]
        extra_kwargs = {name: {"required": False} for name in TERMS}

    def validate(self, values):
        """Every grade has its minutes; segments are known, and owed no more than what is owed in all."""
        wrong = {}
        if len(set(twice := values.get("required_fields", []))) < len(twice):
            wrong["required_fields"] = _("Name each field once.")
        for name in CLOCKS.keys() & values.keys():
            given, asked = set(values[name]), set(KEYS) - {"inquiry"}
            if name == "desk_minutes" and not given:
                continue  # not agreed
            if not asked <= given <= set(KEYS) - ({"inquiry"} if name in OF_NO_CUSTOMERS else set()):
                wrong[name] = _("Say it for: %(keys)s.") % {"keys": ", ".join(sorted(asked))}
        if "contact_rules" in values and (words := contacting.wrong(values["contact_rules"])):
            wrong["contact_rules"] = words
        now = self.instance or drafting.blank()
        by_segment = values.get("owed_by_segment", now.owed_by_segment)
        if unknown := set(by_segment) - set(Segment.objects.values_list("code", flat=True)):
            wrong["owed_by_segment"] = _("There is no segment %(code)s.") % {
                "code": ", ".join(sorted(unknown))
            }
        elif sum(by_segment.values()) > values.get("owed_sqls", now.owed_sqls):
            wrong["owed_sqls"] = _("The segments are owed more than this.")
        terms = {name: values.get(name, getattr(now, name)) for name in TERMS}
        for (name, key), words in sense.nonsense(Agreement(**terms)).items():
            wrong.setdefault(name, f"{KEYS[key]}: {words}" if key else words)
        if wrong:
            raise serializers.ValidationError(wrong)
        return values

    def create(self, values):
        """A draft that begins with what is in force."""
        return self.update(drafting.blank(), values)

    def update(self, draft, values):
        """Raises drafting.NotToSign where it is no draft any more."""
        for name, value in values.items():
            setattr(draft, name, value)
        return drafting.save(draft)


class SignatureSerializer(serializers.ModelSerializer):
    """The signature of a track's head."""

    class Meta:
        model = AgreementSignature
        fields = ["track", "user", "at"]


class AgreementShownSerializer(AgreementSerializer):
    """A version with its signatures; `strayed` says what Set-up has otherwise than what was signed.

    `doubts` are sentences on terms of a draft that are possible and seldom meant; `stamp` stands for all that it says.
    """

    in_force = serializers.BooleanField(read_only=True)
    strayed = shape(beside.Strayed)(many=True, read_only=True)
    doubts = serializers.ListField(child=serializers.CharField(), read_only=True)
    stamp = serializers.CharField(read_only=True)
    signatures = SignatureSerializer(many=True, read_only=True)

    class Meta(AgreementSerializer.Meta):
        fields = [*AgreementSerializer.Meta.fields, "in_force", "strayed", "doubts", "stamp", "signatures"]


class SignSerializer(Heard, serializers.Serializer):
    """The `stamp` of the version as the signer has read it: changed since, it is not signed. Without, it is signed as it is."""

    stamp = serializers.CharField(max_length=5000, default="", allow_blank=True)


class UnderSerializer(serializers.Serializer):
    """Figures of last quarter under one version: what would have become an MQL, which promises would have been kept."""

    version = serializers.IntegerField()
    mqls = serializers.IntegerField()
    hands = serializers.IntegerField()
    answered = serializers.IntegerField()
    handoffs = serializers.IntegerField()
    contacted = serializers.IntegerField()
    contacts = serializers.IntegerField()
    owed = serializers.IntegerField()
    accepted = serializers.IntegerField()


class RetrospectSerializer(serializers.Serializer):
    """Last quarter under the version in force and, where it is another one, under this version.

    `at_once`: of a draft that changes what an MQL is, how many leads that wait become MQLs with the second signature.
    `passing`: of a draft that changes from where on sales is responsible, how many leads change hands with it.
    """

    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    outcomes = UnderSerializer(many=True)
    at_once = shape(drafting.AtOnce)(allow_null=True)
    passing = shape(drafting.Passing)(allow_null=True)


class AgreementFilters(FilterSet):
    class Meta:
        model = Agreement
        fields = ["version"]


class AgreementResource(Writable):
    """Versions of the agreement. The newest that both heads have signed is `in_force`; what is signed never changes."""

    queryset = Agreement.objects.all()
    serializer_class, shown = AgreementSerializer, AgreementShownSerializer
    filterset_class = AgreementFilters
    order = ("-version", "-id")
    may = {"create": DRAFTS, "partial_update": DRAFTS, "destroy": DRAFTS, "sign": "leads.sign_agreement"}

    def finish(self, rows):
        """With the signatures, and whether the version is in force."""
        now, signatures = in_force(), {}
        of_these = drafting.signatures([row["id"] for row in rows])
        for signature in of_these.values("agreement", "track", "user", "at"):
            signatures.setdefault(signature.pop("agreement"), []).append(signature)
        set_up = beside.as_now()
        for row in rows:
            row["in_force"] = row["id"] == now.pk
            signed = beside.signed(row["questions"], row["reasons"], row["stages"], set_up)
            row["doubts"], row["stamp"] = [], ""
            if row["version"] > now.version:
                draft = Agreement(**{Agreement._meta.get_field(name).attname: row[name] for name in TERMS})
                row["doubts"] = sense.doubts(draft)
                row["stamp"] = drafting.stamp(draft, signed)
            row["strayed"] = [asdict(one) for one in beside.strayed(signed, set_up)] if row["reasons"] else []
            row["signatures"] = signatures.get(row["id"], [])
        return rows

    @idempotent
    def create(self, request):
        """Draft a new version."""
        return self.row(self.valid(request).save().pk, status=201)

    def partial_update(self, request, pk):
        """Change a draft that nobody has signed."""
        try:
            return super().partial_update(request, pk)
        except drafting.NotToSign as refusal:
            raise Conflict(str(refusal)) from None

    def destroy(self, request, pk):
        """Throw a draft away that nobody has signed."""
        try:
            drafting.discard(self.get_permitted())
        except drafting.NotToSign as refusal:
            raise Conflict(str(refusal)) from None
        return Response(status=204)

    @extend_schema(request=SignSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def sign(self, request, pk):
        """Sign for the caller's own track; with both signatures it is in force. A stale `stamp`: 409, and nothing is signed."""
        draft, seen = self.get_permitted(), checked(SignSerializer(data=request.data or {}))["stamp"]
        try:
            drafting.sign(draft, by=request.user, at=timezone.now(), seen=seen)
        except drafting.NotToSign as refusal:
            raise Conflict(str(refusal)) from None
        return self.row(pk)

    @extend_schema(responses=RetrospectSerializer)
    @action(detail=True, methods=["get"])
    def quarter(self, request, pk):
        """What would have happened last quarter under this version, beside the one in force."""
        one, now, at = self.get_permitted(), in_force(), timezone.now()
        compared = [now, one] if one != now else [now]
        start, end = retrospect.quarter_before(at)
        outcomes = [
            {"version": version.version, **asdict(outcome)}
            for version, outcome in zip(compared, retrospect.compare(compared, at), strict=True)
        ]
        ahead = one.version > now.version
        joins, passing = (drafting.at_once(one, at), drafting.passing(one)) if ahead else (None, None)
        told = {"start": start, "end": end, "outcomes": outcomes}
        return Response({**told, "at_once": joins and asdict(joins), "passing": passing and asdict(passing)})
