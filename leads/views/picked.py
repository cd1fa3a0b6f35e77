"""What somebody has ticked in a list, as far as one click goes."""

from django.contrib import messages
from django.utils.translation import ngettext


def first_of(request, asked, most):
    """The first `most` of what was ticked; where that cuts some, a warning tells how many were left as they are."""
    left = len(asked) - most
    if left > 0:
        said = ngettext(
            "One click takes %(most)d at most: %(left)d more was left as it is.",
            "One click takes %(most)d at most: %(left)d more were left as they are.",
            left,
        )
        messages.warning(request, said % {"most": most, "left": left})
    return asked[:most]
