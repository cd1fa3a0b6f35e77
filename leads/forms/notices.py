"""Forms of notices: by which ways somebody is told, and the robots."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from leads import notices, robots
from leads.models.notices import NoticeChoice, NoticeKind, Robot, Vendor, every_kind
from ui.forms import Form, ModelForm


class ChoicesForm(Form):
    """For each kind of notice: by mail, by the team's robot. In the page they always are."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        for kind, ways in notices.chosen(user).items():
            for way, told in ways.items():
                label = NoticeChoice._meta.get_field(way).verbose_name
                self.fields[f"{kind}-{way}"] = forms.BooleanField(label=label, required=False, initial=told)

    def by_kind(self):
        """[(label of the kind, [its fields])], for the page."""
        return [
            (kind.label, [self[f"{kind.value}-{way}"] for way in ("mail", "robot")]) for kind in NoticeKind
        ]

    def save(self):
        """Keep the choices."""
        said = self.cleaned_data
        notices.choose(
            self.user,
            {kind: {way: said[f"{kind}-{way}"] for way in ("mail", "robot")} for kind in NoticeKind.values},
        )


class RobotForm(ModelForm):
    """A robot's address, secret, team and kinds. A secret that is kept is never shown; empty leaves it as it is."""

    address = forms.URLField(label=_("Address of the webhook"), max_length=500, assume_scheme="https")
    secret = forms.CharField(
        label=_("Secret"),
        max_length=200,
        required=False,
        help_text=_("For signatures (DingTalk, Feishu). Leave it empty to keep the one that is stored."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Tells of"),
        choices=NoticeKind.choices,
        initial=every_kind,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Robot
        fields = ["name", "vendor", "address", "secret", "chat", "team", "kinds", "active"]

    def clean_secret(self):
        """An empty secret keeps the stored one."""
        return self.cleaned_data["secret"] or self.instance.secret

    def clean_address(self):
        """An address that the outbox would refuse is refused here."""
        if why_not := robots.why_not(self.cleaned_data["address"]):
            raise ValidationError(why_not)
        return self.cleaned_data["address"]

    def clean(self):
        """A Telegram bot writes into a named chat."""
        given = super().clean()
        if given.get("vendor") == Vendor.TELEGRAM and not given.get("chat"):
            self.add_error("chat", _("Telegram needs the id of the chat."))
        return given
