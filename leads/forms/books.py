"""The form of handing a book over: to whom, and for how long."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.absences import SENSIBLE
from accounts.models import Role, User
from ui.forms import Form


def sellers():
    """Whoever sells and is there, by name."""
    selling = User.objects.filter(is_active=True, left_at=None, role__in=(Role.SALES, Role.MANAGER))
    return selling.order_by("full_name", "pk")


def possible_heirs(user):
    """Who may take over a book of `user`."""
    return sellers().exclude(pk=user.pk).select_related("rep", "team")


class BookForm(Form):
    """To one or several colleagues; without a day it is for good."""

    heirs = forms.ModelMultipleChoiceField(
        None, label=_("To whom"), widget=forms.CheckboxSelectMultiple, help_text=_("Several share it evenly.")
    )
    until = forms.DateField(
        label=_("Away until"),
        required=False,
        validators=SENSIBLE,
        help_text=_("The last day away; the book comes back by itself the next morning. Empty: for good."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["heirs"].queryset = possible_heirs(user)

    def clean_until(self):
        """The first moment after the last day, where the reader is."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choose a day to come."))
        return datetime.combine(day + timedelta(days=1), time(), timezone.get_current_timezone())
