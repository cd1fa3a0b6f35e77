"""What the answers of the web mean, and what to do about each."""

from django.utils.translation import gettext_lazy

# status: title, what to do
PHRASES = {
    400: (
        gettext_lazy("The request cannot be read"),
        gettext_lazy("Correct what is named here and send it again."),
    ),
    401: (gettext_lazy("Not signed in"), gettext_lazy("Send a valid token, or sign in.")),
    403: (gettext_lazy("Not allowed"), gettext_lazy("Ask an admin for the right, or use another token.")),
    404: (
        gettext_lazy("Not found"),
        gettext_lazy("Check the address; what you may not see is not found either."),
    ),
    405: (
        gettext_lazy("Method not in use here"),
        gettext_lazy("Use one of the methods in the header Allow."),
    ),
    406: (gettext_lazy("No such format"), gettext_lazy("Accept application/json.")),
    409: (gettext_lazy("In conflict with what is there"), gettext_lazy("Read it again, then decide.")),
    412: (
        gettext_lazy("Changed by somebody else meanwhile"),
        gettext_lazy("Choose between both values, then send it again with the new ETag in If-Match."),
    ),
    413: (gettext_lazy("Too large"), gettext_lazy("Send it in smaller parts.")),
    415: (gettext_lazy("Unknown content type"), gettext_lazy("Send application/json.")),
    422: (gettext_lazy("Cannot be processed"), gettext_lazy("Correct what is named here and send it again.")),
    429: (gettext_lazy("Too many requests"), gettext_lazy("Wait as long as the header Retry-After says.")),
    500: (
        gettext_lazy("Our mistake"),
        gettext_lazy("Try again; if it stays, tell an admin the time it happened."),
    ),
    503: (gettext_lazy("Not available for a moment"), gettext_lazy("Try again in a few seconds.")),
}


def details(status, detail="", errors=None):
    """The body of a problem: title, status, detail, what_to_do and, where fields are wrong, errors."""
    title, what_to_do = PHRASES.get(status, PHRASES[400 if status < 500 else 500])
    body = {
        "title": str(title),
        "status": status,
        "detail": str(detail or title),
        "what_to_do": str(what_to_do),
    }
    return {**body, "errors": errors} if errors else body
