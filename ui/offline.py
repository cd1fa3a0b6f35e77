"""Pages that may be read without a connection: which response may be kept, and for whom."""

from django.utils.crypto import salted_hmac

HEADER = "X-Keep-For"
UNSENT = "#unsent"  # at the end of an address: what was typed there did not arrive (static/ui/unsent.js)


def keeper(user):
    """A name for the user's own store in the browser, which tells nothing about them; "" for a stranger."""
    if not getattr(user, "is_authenticated", False):
        return ""
    return salted_hmac("tandem.offline", str(user.pk)).hexdigest()[:20]


def keep(response, user):
    """Let the service worker keep this page for this user, until they sign out; returns the response."""
    response[HEADER] = keeper(user)
    return response
