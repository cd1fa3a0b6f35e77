"""Forms of signing in and of passwords."""

from django import forms
from django.contrib.auth.forms import (
    AuthenticationForm,
    BaseUserCreationForm,
    PasswordChangeForm,
    SetPasswordForm,
)
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from accounts import demo_logins
from accounts.models import User
from ui.forms import Form

LONGEST_PASSWORD = 4096  # characters; hashing more would only cost time


class BoundedPasswords:
    """No password field takes more than LONGEST_PASSWORD."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.PasswordInput):
                field.validators.append(MaxLengthValidator(LONGEST_PASSWORD))


class SignInForm(BoundedPasswords, AuthenticationForm):
    """E-mail and password; an e-mail is one in any case."""

    error_messages = {
        "invalid_login": _("E-mail or password is wrong. Capitals count in the password."),
        "inactive": _("E-mail or password is wrong. Capitals count in the password."),
        "elsewhere": _("Sign-ins of the demo work only on the machine that runs it."),
    }

    def clean_username(self):
        return self.cleaned_data["username"].strip().lower()

    def confirm_login_allowed(self, user):
        super().confirm_login_allowed(user)
        if demo_logins.refused(self.request, user):
            raise ValidationError(self.error_messages["elsewhere"], code="elsewhere")


class NewPasswordForm(BoundedPasswords, SetPasswordForm):
    """A password, twice."""


class ChangePasswordForm(BoundedPasswords, PasswordChangeForm):
    """The old password, and a new one, twice."""


class FirstAdminForm(BoundedPasswords, BaseUserCreationForm):
    """The first administrator: who, and with what password."""

    class Meta:
        model = User
        fields = ["full_name", "email"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs.pop("autofocus", None)  # Django's own choice: the second field here
        self.fields["full_name"].widget.attrs["autofocus"] = True


class ForgotForm(Form):
    """Where to send the link."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
