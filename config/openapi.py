"""What the schema of the API cannot find out by itself. Importing it is enough."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object


class TokenScheme(OpenApiAuthenticationExtension):
    """`Authorization: Bearer tdm_…`"""

    target_class = "accounts.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        """The scheme as OpenAPI has it."""
        return build_bearer_security_scheme_object("Authorization", "Bearer")
