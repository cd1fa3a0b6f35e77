"""Settings of the REST API and of its description."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "accounts.tokens.HasScope",
    ],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PARSER_CLASSES": ["engine.parsers.SafeJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["engine.renderers.OrjsonRenderer"],
    "DEFAULT_SCHEMA_CLASS": "accounts.describing.Schema",
    "EXCEPTION_HANDLER": "engine.problems.exception_handler",
    # Rows of lists are plain values: serializers answer the same types, and the renderer writes them.
    "DATETIME_FORMAT": None,
    "DATE_FORMAT": None,
    "COERCE_DECIMAL_TO_STRING": False,
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS: what there is to know stands in the schema
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tandem API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # No validator: it would be asked of somebody else's server.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.with_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "DestinationEnum": "leads.models.handover.Destination",
        "CaseOutcomeEnum": "leads.models.cases.CaseOutcome",
        "CaseKindEnum": "leads.models.cases.CaseKind",
        "CaseClockEnum": "leads.models.cases.CaseClock",
        "DisputeGoesToEnum": "leads.models.disputes.GoesTo",
        "IndexKindEnum": "reports.models.index.IndexKind",
        "ShiftAxisEnum": "reports.models.shifts.ShiftAxis",
        "DealKindEnum": "pipeline.models.deals.DealKind",
        "HandoffKindEnum": "leads.models.handoffs.HandoffKind",
        "IdentityKindEnum": "pipeline.models.contacts.IdentityKind",
        "QuotaKindEnum": ["team", "person"],
        "GradeEnum": "leads.models.score.Grade",
        "MergeKindEnum": "leads.models.merges.MergeKind",
        "DealOutcomeEnum": "pipeline.models.deals.Outcome",
        "MomentOutcomeEnum": "leads.models.moments.Outcome",
        "NoticeKindEnum": "leads.models.notices.NoticeKind",
        "WebFormKindEnum": "leads.models.webforms.KIND_CHOICES",
        "ImportKindEnum": "leads.models.imports.ImportKind",
        "RoleEnum": "accounts.models.people.Role",
        "TrackEnum": "accounts.models.people.Track",
        "RepKindEnum": "accounts.models.reps.RepKind",
        "SpendKindEnum": "pipeline.models.campaigns.SpendKind",
        "UsageKindEnum": "leads.models.usage.UsageKind",
        "TouchKindEnum": "leads.models.touches.TouchKind",
        "ObstacleKindEnum": "leads.models.obstacles.ObstacleKind",
        "AnswerKindEnum": "leads.models.obstacles.AnswerKind",
    },
}
