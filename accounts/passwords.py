"""What a password must be: Django's checks in our words, since its Chinese leaves some of them in English."""

from django.contrib.auth import password_validation as checks
from django.utils.translation import gettext as _


class LongEnough(checks.MinimumLengthValidator):
    """At least `min_length` characters."""

    def get_error_message(self):
        return _("This password is too short: %(length)s characters are the least.") % {
            "length": self.min_length
        }

    def get_help_text(self):
        return _("At least %(length)s characters.") % {"length": self.min_length}


class UnlikeThePerson(checks.UserAttributeSimilarityValidator):
    """Not the name or address of its owner."""

    def get_help_text(self):
        return _("Not too like the name or the address.")


class Uncommon(checks.CommonPasswordValidator):
    """None of the passwords that everybody tries first."""

    def get_help_text(self):
        return _("Not one that many people use.")
