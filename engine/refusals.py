"""Refusals of the API that REST framework does not know by itself."""

from django.utils.translation import gettext_lazy
from rest_framework import exceptions


class Conflict(exceptions.APIException):
    """409: the request is fine, the present state is not."""

    status_code = 409
    default_detail = gettext_lazy("This is in conflict with something that is already there.")
    default_code = "conflict"


class Merged(exceptions.NotFound):
    """404: it was merged into the record with the key `into`."""

    default_detail = gettext_lazy("This was merged into another record: ask for that one.")

    def __init__(self, into):
        super().__init__()
        self.into = into


class Unprocessable(exceptions.APIException):
    """422: well-formed, but contradicting itself or an earlier request."""

    status_code = 422
    default_detail = gettext_lazy("This contradicts an earlier request.")
    default_code = "unprocessable"


class TooLarge(exceptions.APIException):
    """413: more than we take at once."""

    status_code = 413
    default_detail = gettext_lazy("This is more than is taken at once.")
    default_code = "too_large"
