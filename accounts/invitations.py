"""One-time links: for the first administrator, and for setting or resetting a password.

A password link carries Django's token over the password's hash, so it dies with its use. The first administrator's
link is signed and opens only while nobody can sign in.
"""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import organisation
from accounts.models import Organisation, User
from engine import outbox

SALT = "accounts.first-admin"
FIRST_ADMIN_AGE = 14 * 24 * 3600  # seconds


class TooLate(Exception):
    """Somebody was there first."""


def first_admin_link():
    """The address at which the first administrator makes an account; empty while anybody can sign in."""
    if _somebody():
        return ""
    return absolute(reverse("accounts:first-admin", args=[signing.dumps("first", salt=SALT)]))


def opens_first(token):
    """Whether `token` of a first administrator's link opens: genuine, recent, and nobody is there."""
    try:
        signing.loads(token, salt=SALT, max_age=FIRST_ADMIN_AGE)
    except signing.BadSignature:
        return False
    return not _somebody()


def _somebody():
    """Whether anybody may come in; who was left behind without a way in (by a demo taken away) is nobody here."""
    return User.objects.filter(is_active=True).exists()


@transaction.atomic
def create_first_admin(email, full_name, password):
    """Make the first administrator. Raises TooLate when somebody else was faster."""
    list(Organisation.objects.select_for_update())
    if _somebody():
        raise TooLate
    return User.objects.create_superuser(email, password, full_name=full_name)


def password_link(user):
    """The address at which `user` sets a password, once."""
    return absolute(
        reverse("accounts:set-password", args=[key(user), default_token_generator.make_token(user)])
    )


def key(user):
    """The user's key as a link carries it."""
    return urlsafe_base64_encode(force_bytes(user.pk))


def invited(uid, token):
    """The user whose password link this is, or None when it is used up, too old or made up."""
    try:
        user = User.objects.filter(pk=int(urlsafe_base64_decode(uid)), is_active=True).first()
    except (ValueError, OverflowError):
        return None
    return user if user and default_token_generator.check_token(user, token) else None


def mail_password_link(user, at, invitation=False):
    """Owe `user` a mail with a password link; at most one each ten minutes."""
    with override(organisation.language_of(user)):
        house = organisation.current().name
        if invitation:
            subject = _("Your account at %(house)s") % {"house": house}
            opening = _("An account was made for you.")
        else:
            subject = _("A new password for %(house)s") % {"house": house}
            opening = _("Somebody, hopefully you, asked for a new password. If it was not you, do nothing.")
        body = "\n\n".join([opening, _("Set your password here; the link works once:"), password_link(user)])
    outbox.mail(user.email, subject, body, key=f"password:{user.pk}:{at:%Y%m%d%H%M}"[:-1])


def absolute(path):
    """`path` on this site."""
    return (organisation.current().site_url or settings.SITE_URL).rstrip("/") + path
