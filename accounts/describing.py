"""How an operation of the REST API is described beyond what its serializers say."""

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    description="1 to 255 characters of your own: the same request again within 24 hours gets the same answer",
)


class Schema(AutoSchema):
    """Names the header that makes a POST safe to send again wherever it is taken."""

    def get_override_parameters(self):
        """The parameters of an operation beside those of its serializers and filters."""
        return [KEY] if self._is_idempotent() else []

    def _is_idempotent(self):
        handler = getattr(self.view, getattr(self.view, "action", None) or self.method.lower(), None)
        return self.method == "POST" and getattr(handler, "idempotent", False)
