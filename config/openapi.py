"""What the schema of the API cannot find out by itself. Importing it is enough for the scheme; settings name the hook."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object

from engine.outages import MEDIA_TYPE
from engine.phrases import PHRASES

WORDS = {"type": "string"}
PROBLEM = {
    "type": "object",
    "description": "What went wrong, and what to do about it (RFC 9457)",
    "properties": {
        "title": WORDS,
        "status": {"type": "integer"},
        "detail": WORDS,
        "what_to_do": WORDS,
        "errors": {
            "type": "object",
            "description": "why each field is refused, by its dotted name; an empty name means the whole",
            "additionalProperties": {"type": "array", "items": WORDS},
        },
        "merged_into": {
            "type": "integer",
            "description": "with 404: the id of the record that it was merged into",
        },
        "differs": {
            "type": "object",
            "description": "with 412: what each field was meant to become, and what it is now",
            "additionalProperties": {"type": "object", "properties": {"yours": {}, "theirs": {}}},
        },
    },
    "required": ["title", "status", "detail", "what_to_do"],
}


class TokenScheme(OpenApiAuthenticationExtension):
    """`Authorization: Bearer tdm_…`"""

    target_class = "accounts.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        """The scheme as OpenAPI has it."""
        return build_bearer_security_scheme_object("Authorization", "Bearer")


def with_problems(result, generator, request, public):
    """Hook of drf-spectacular: every operation names the problems that it answers, which have one shape."""
    components = result["components"]
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    shape = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    told = components.setdefault("responses", {})
    told["Problem"] = {"description": "Any other problem; `what_to_do` says how to go on", "content": shape}
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for status in _statuses(path, method, operation):
                told[f"Problem{status}"] = {"description": str(PHRASES[status][0]), "content": shape}
                operation["responses"][str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
            operation["responses"]["default"] = {"$ref": "#/components/responses/Problem"}
    return result


def _statuses(path, method, operation):
    """The statuses of the problems that an operation is known to answer."""
    takes = {one["name"] for one in operation.get("parameters", ())}
    asked = {
        400: True, 401: True, 403: True, 404: "{" in path, 409: method != "get", 412: "If-Match" in takes,
        422: "Idempotency-Key" in takes,
    }  # fmt: skip
    return [status for status, answered in asked.items() if answered]
