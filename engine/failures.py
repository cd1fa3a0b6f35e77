"""Why a delivery failed, in the reader's language and with what to do, from the line that the outbox keeps of the error."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engine.robots import NO_REASON
from engine.webhooks import WHY_NOT

NOT_TAKEN = re.compile(r"NotTaken: HTTP (?P<status>\d+), code (?P<code>.+?): (?P<said>.*)", re.DOTALL)
KNOWN = {
    "no answer": gettext_lazy("No answer came before the time was up."),
    "gaierror": gettext_lazy("No server of this name was found. Check the address."),
    "TimeoutError": gettext_lazy("The server did not answer in time."),
    "ConnectionRefusedError": gettext_lazy(
        "Nothing answers at this address. Check it, and whether the server runs."
    ),
    "SSLCertVerificationError": gettext_lazy("The certificate of the server is not valid for this address."),
}


def told(error):
    """The sentence for what `Delivery.last_error` holds; what nobody has a sentence for stands as it is."""
    name, _colon, text = error.partition(": ")
    if name == "Refused" and text in WHY_NOT:
        return str(WHY_NOT[text])
    if found := NOT_TAKEN.fullmatch(error):
        return _not_taken(**found.groupdict())
    return str(KNOWN.get(name, error))


def _not_taken(status, code, said):
    if said == NO_REASON:
        return _(
            "The service did not take the message and gave no reason (HTTP %(status)s). Check the address."
        ) % {"status": status}
    return _("The service did not take the message: “%(said)s” (HTTP %(status)s, code %(code)s).") % {
        "said": said,
        "status": status,
        "code": code,
    }
