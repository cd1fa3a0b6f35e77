"""What the API accepts: shapes that are checked here and handed to the functions of the funnel."""

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.models import Region, Segment, Track
from accounts.unheard import Heard
from engine.moments import in_reach
from leads import because, collisions
from leads.capture import Captured, Consent
from leads.forms.leads import ASIDE
from leads.importing import cells
from leads.importing.values import Bad
from leads.models import Grade, Question, TouchKind
from pipeline import identities
from pipeline.channels import Channel
from pipeline.models import Campaign, ConsentPurpose, Product


class ConsentSerializer(Heard, serializers.Serializer):
    """Consent as given in a form: its own tick, its own text."""

    purpose = serializers.ChoiceField(ConsentPurpose.choices, default=ConsentPurpose.MARKETING)
    channel = serializers.CharField(max_length=20, default="", allow_blank=True)
    given = serializers.BooleanField()
    text_version = serializers.CharField(max_length=50, default="", allow_blank=True)
    language = serializers.CharField(max_length=10, default="", allow_blank=True)


class CampaignCodeField(serializers.SlugRelatedField):
    """A campaign by its code, so that a website needs no keys of ours."""

    def __init__(self, **options):
        super().__init__(slug_field="code", queryset=Campaign.objects.all(), **options)


class CaptureSerializer(Heard, serializers.Serializer):
    """A person who came to us, by what we may know them again, and why they came."""

    full_name = serializers.CharField(max_length=300, default="", allow_blank=True)
    email = serializers.CharField(max_length=320, default="", allow_blank=True)
    phone = serializers.CharField(max_length=40, default="", allow_blank=True)
    wechat = serializers.CharField(max_length=100, default="", allow_blank=True)
    person_key = serializers.CharField(
        max_length=200, default="", allow_blank=True, help_text="the person's own key in `source`"
    )
    company = serializers.CharField(max_length=300, default="", allow_blank=True)
    company_domain = serializers.CharField(max_length=253, default="", allow_blank=True)
    job_title = serializers.CharField(max_length=200, default="", allow_blank=True)
    country = serializers.CharField(max_length=100, default="", allow_blank=True)
    city = serializers.CharField(max_length=100, default="", allow_blank=True)
    language = serializers.CharField(max_length=10, default="", allow_blank=True)
    campaign = CampaignCodeField(default=None, allow_null=True, help_text="code of the campaign")
    channel = serializers.ChoiceField(Channel.choices, default=Channel.UNKNOWN)
    source_text = serializers.CharField(max_length=200, default="", allow_blank=True)
    segment = serializers.SlugRelatedField(
        "code", queryset=Segment.objects.all(), default=None, allow_null=True
    )
    region = serializers.SlugRelatedField(
        "code", queryset=Region.objects.all(), default=None, allow_null=True
    )
    product = serializers.SlugRelatedField(
        "code", queryset=Product.objects.all(), default=None, allow_null=True
    )
    kind = serializers.ChoiceField(TouchKind.choices, default=TouchKind.FORM)
    at = serializers.DateTimeField(
        default=None,
        allow_null=True,
        validators=[in_reach],
        help_text="when they came; now where it is left out",
    )
    note = serializers.CharField(max_length=5000, default="", allow_blank=True)
    attributes = serializers.DictField(default=dict)
    consents = ConsentSerializer(many=True, default=list)
    source = serializers.CharField(max_length=100, default="", allow_blank=True)
    external_id = serializers.CharField(max_length=200, default="", allow_blank=True)

    def validate(self, values):
        """Somebody must be recognisable, else the same person would come in again and again."""
        known = ("full_name", "email", "phone", "wechat", "person_key", "external_id")
        if not any(values[name].strip() for name in known):
            raise serializers.ValidationError(
                _("Give at least a name, an e-mail, a phone, a WeChat id or an external id.")
            )
        if (values["external_id"] or values["person_key"]) and not values["source"]:
            raise serializers.ValidationError({"source": _("A key needs the source it comes from.")})
        refuse_unreadable(values)
        return values

    def captured(self):
        """The checked row as `leads.capture` takes it."""
        values = dict(self.validated_data)
        values["consents"] = [Consent(**consent) for consent in values["consents"]]
        return Captured(**values)


def refuse_unreadable(values):
    """Refuse addresses that could be no key, as an import does: they would be kept nowhere. Raises ValidationError."""
    read = {
        "email": cells.email(values["email"].strip()),
        "phone": cells.telephone(values["phone"].strip(), (), identities.MOBILE),
        "wechat": cells.wechat(values["wechat"].strip()),
    }
    bad = {name: str(why) for name, why in read.items() if values[name].strip() and isinstance(why, Bad)}
    if bad:
        raise serializers.ValidationError(bad)


class BecauseCodeField(serializers.ChoiceField):
    """The code of why a lead is in these hands; "" where nobody said, or said so in their own words."""

    def __init__(self, **options):
        super().__init__(list(because.CODES.values()), read_only=True, allow_blank=True, **options)


class ReasonSerializer(Heard, serializers.Serializer):
    """Why."""

    reason = serializers.CharField(max_length=300)


class IdsSerializer(Heard, serializers.Serializer):
    """Which leads: at most 1,000."""

    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=1000
    )


class RefusedSerializer(serializers.Serializer):
    """A lead that stayed where it was, and why."""

    id = serializers.IntegerField()
    why = serializers.CharField()


class AdvancedSerializer(serializers.Serializer):
    """What became of many leads."""

    moved = serializers.ListField(child=serializers.IntegerField())
    refused = RefusedSerializer(many=True)


def to_come(moment):
    """A validator. Raises ValidationError for a moment that is over."""
    if moment and moment <= timezone.now():
        raise serializers.ValidationError(_("Choose a day to come."))


class NurtureSerializer(ReasonSerializer):
    """Why a lead is set aside, and when it wakes up."""

    wake_at = serializers.DateTimeField(validators=[in_reach, to_come])


class DisqualifySerializer(ReasonSerializer):
    """Why a lead is taken out, and the same in one word, as the desk's page has it."""

    code = serializers.ChoiceField(ASIDE, default="", allow_blank=True)


class NotLearnedSerializer(serializers.Serializer):
    """A mail domain or company that no rule was drafted for, and why."""

    what = serializers.CharField()
    why = serializers.CharField()


class LessonSerializer(serializers.Serializer):
    """What the next scorecards learned: ids of the drafts, whom they take points from, and what taught nothing."""

    drafts = serializers.ListField(child=serializers.IntegerField())
    about = serializers.ListField(child=serializers.CharField())
    not_learned = NotLearnedSerializer(many=True)


class TakeBackSerializer(Heard, serializers.Serializer):
    """When a lead that slept wakes up again, if on another day than before; nothing else is asked."""

    wake_at = serializers.DateTimeField(default=None, allow_null=True, validators=[in_reach])


class GradeSerializer(Heard, serializers.Serializer):
    """The desk's grade, and why it is another one than the scorecard proposes."""

    grade = serializers.ChoiceField(Grade.choices)
    reason = serializers.CharField(max_length=300, default="", allow_blank=True)


class AnswersSerializer(Heard, serializers.Serializer):
    """Answers to the agreed questions, by their codes."""

    answers = serializers.DictField(child=serializers.CharField(max_length=1000, allow_blank=True))

    def validate_answers(self, answers):
        """Only questions that there are."""
        unknown = set(answers) - set(Question.objects.values_list("code", flat=True))
        if unknown:
            raise serializers.ValidationError(
                _("Unknown questions: %(codes)s.") % {"codes": ", ".join(sorted(unknown))}
            )
        return answers


class CollisionSerializer(serializers.Serializer):
    """What the other track did with the same person (`same`) or company within the agreed days, in `words` too; `agreed`: what the agreement says of it."""

    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(TouchKind.choices)
    track = serializers.ChoiceField(Track.choices)
    who = serializers.CharField(allow_blank=True)
    same = serializers.BooleanField()
    agreed = serializers.CharField(allow_blank=True)
    words = serializers.CharField()


class LoggedSerializer(serializers.Serializer):
    """The touch, and for one of ours the other track's contact that it comes beside."""

    id = serializers.IntegerField()
    collision = CollisionSerializer(allow_null=True)


def beside_attempt(contact_id, said, *, by):
    """The Collision that a touch as said in a request comes beside, as a dict; None where it is not ours to them."""
    if not said["outbound"] or said["automatic"]:
        return None
    found = collisions.of([contact_id], by=by, at=timezone.now()).get(contact_id)
    return found and found.as_dict()


class TouchLogSerializer(Heard, serializers.Serializer):
    """A dealing with a contact, as a person logs it. One dated ahead counts as now, as one without `at`; a touch that is sent again keeps its time.

    `outbound`: ours to them. Only such a call, meeting, mail, chat or service visit of sales stops the contact clock, counts as an attempt and
    can collide with the other track. Left out, it is what `reached` implies: an attempt is ours, whether it met anybody
    or not; without either the touch is theirs.
    """

    kind = serializers.ChoiceField(TouchKind.choices)
    at = serializers.DateTimeField(default=None, validators=[in_reach])
    channel = serializers.ChoiceField(Channel.choices, default=Channel.UNKNOWN)
    campaign = CampaignCodeField(default=None, allow_null=True)
    outbound = serializers.BooleanField(default=None, allow_null=True)
    automatic = serializers.BooleanField(default=False)
    reached = serializers.BooleanField(default=None, allow_null=True)
    note = serializers.CharField(max_length=5000, default="", allow_blank=True)

    def validate(self, values):
        """Whether anybody was reached is asked of attempts of ours."""
        values["at"] = values["at"] and min(values["at"], timezone.now())
        if values["outbound"] is None:
            values["outbound"] = values["reached"] is not None
        return values
