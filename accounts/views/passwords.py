"""Passwords: set through a one-time link, forgotten, changed; and the first administrator's."""

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import invitations
from accounts.forms.sign_in import ChangePasswordForm, FirstAdminForm, ForgotForm, NewPasswordForm
from accounts.models import User
from accounts.views.sign_in import BACKEND
from ui.responses import invalid


@sensitive_post_parameters()
@never_cache
@login_not_required
def set_password(request, uid, token):
    """The page behind an invitation or a reset: works once."""
    user = invitations.invited(uid, token)
    if user is None:
        return render(request, "accounts/link_dead.html", status=410)
    form = NewPasswordForm(user, request.POST or None)
    if request.method != "POST":
        return render(request, "accounts/set_password.html", {"form": form, "person": user})
    if not form.is_valid():
        return invalid(request, "accounts/set_password.html", {"form": form, "person": user})
    form.save()
    auth.login(request, user, backend=BACKEND)
    return redirect("home")


@login_not_required
def forgot(request):
    """Mail a link to whoever has that address; the answer is the same for everybody."""
    form = ForgotForm(request.POST or None)
    if request.method == "POST" and not form.is_valid():
        return invalid(request, "accounts/forgot.html", {"form": form})
    if request.method == "POST":
        user = User.objects.filter(email__iexact=form.cleaned_data["email"], is_active=True).first()
        if user:
            invitations.mail_password_link(user, timezone.now())
    return render(request, "accounts/forgot.html", {"form": form, "sent": request.method == "POST"})


@sensitive_post_parameters()
@never_cache
@login_not_required
def first_admin(request, token):
    """Where nobody is there yet: make the first administrator."""
    if not invitations.opens_first(token):
        return render(request, "accounts/link_dead.html", status=410)
    form = FirstAdminForm(request.POST or None)
    if request.method != "POST":
        return render(request, "accounts/first_admin.html", {"form": form})
    if not form.is_valid():
        return invalid(request, "accounts/first_admin.html", {"form": form})
    try:
        user = invitations.create_first_admin(
            form.cleaned_data["email"], form.cleaned_data["full_name"], form.cleaned_data["password1"]
        )
    except invitations.TooLate:
        return render(request, "accounts/link_dead.html", status=410)
    auth.login(request, user, backend=BACKEND)
    return redirect("home")


@sensitive_post_parameters()
@never_cache
def change_password(request):
    """Change the own password; other sessions end."""
    form = ChangePasswordForm(request.user, request.POST or None)
    if request.method != "POST":
        return render(request, "accounts/change_password.html", {"form": form})
    if not form.is_valid():
        return invalid(request, "accounts/change_password.html", {"form": form})
    form.save()
    auth.update_session_auth_hash(request, request.user)
    messages.success(request, _("Your password is changed."))
    return redirect("accounts:profile")
