"""What every resource of the REST API shares: who may, which rows, pages by key, rows without model instances."""

from contextlib import contextmanager
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import F, OuterRef
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from accounts import doors, unheard, versions
from accounts.narrowing import AskedFilters
from accounts.tokens import HasScope
from engine.idempotency import idempotent
from engine.refusals import Merged
from ui import keyset

SIZE, LARGEST = 50, 200
IF_MATCH = OpenApiParameter(
    "If-Match",
    location=OpenApiParameter.HEADER,
    description="the ETag that was read: 412 with both values if somebody else changed it since",
)


class KeysetPages(BasePagination):
    """`?cursor=` and `?limit=`: pages by key in the resource's own `order`."""

    def paginate_queryset(self, queryset, request, view=None):
        """The rows of the page that the request asks for. Raises BadCursor, and ValidationError for a limit that is none."""
        size, cursor = (
            self._size(request.query_params.get("limit", "")),
            request.query_params.get("cursor", ""),
        )
        self.page = keyset.page(queryset, view.order, size=size, cursor=cursor)
        return self.page.rows

    def _size(self, asked):
        if asked == "":
            return SIZE
        if not (asked.isascii() and asked.isdigit() and len(asked) < 19 and int(asked)):
            raise ValidationError({"limit": _("Give a whole number of 1 or more.")})
        return min(int(asked), LARGEST)

    def get_paginated_response(self, data):
        """The page and the cursors of its neighbours, null where there is none."""
        return Response({"results": data, "newer": self.page.newer or None, "older": self.page.older or None})

    def get_paginated_response_schema(self, schema):
        cursor = {"type": "string", "nullable": True, "description": "`cursor` of the neighbouring page"}
        return {
            "type": "object",
            "properties": {"results": schema, "newer": cursor, "older": cursor},
            "required": ["results", "newer", "older"],
        }

    def get_schema_operation_parameters(self, view):
        return [
            {
                "name": "cursor",
                "in": "query",
                "schema": {"type": "string"},
                "description": "a former page's `older` or `newer`",
            },
            {
                "name": "limit",
                "in": "query",
                "schema": {"type": "integer", "minimum": 1, "default": SIZE},
                "description": f"rows a page, at most {LARGEST} whatever is asked",
            },
        ]


class Resource(viewsets.GenericViewSet):
    """A resource whose rows are read as values() and written by the functions that the pages call.

    A subclass names `queryset`, `serializer_class` (a row, and its shape in the schema), `order`, and `may`: for each
    action that changes something the permission it asks. What an action without an entry in `may` may show is what
    `visible_to` shows. `capture` names the actions open to a token that may only capture. Where PATCH takes less than
    the row has, `change_serializer_class` says what; where it takes more, `versioned` is the serializer that shows it.
    `shown` describes a row as it is answered, where `finish` adds to it, `whole` one that is answered alone.
    `elsewhere`: {field: ways} of what an action of its own changes, as `unheard.refusals` takes them.
    """

    queryset: Any  # one that knows visible_to
    serializer_class: type[Serializer]
    permission_classes = [IsAuthenticated, HasScope]
    pagination_class = KeysetPages
    filter_backends = [AskedFilters]
    lookup_value_regex = "[0-9]{1,18}"
    order = ("-id",)
    change_serializer_class = None
    versioned = shown = whole = None
    elsewhere = {}
    may = {}
    capture = frozenset()

    def get_queryset(self):
        """The rows that the caller sees."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return self.queryset.visible_to(self.request.user)

    def check_permissions(self, request):
        """Beside sign-in and scope: the action's own permission, asked of no object in particular."""
        super().check_permissions(request)
        permission = self.may.get(self.action)
        if permission and not self.detail and not request.user.has_perm(permission):
            raise PermissionDenied

    def get_permitted(self):
        """The object of the address: 404 when unseen, 403 when seen but not theirs to change."""
        found = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise self.absent(self.kwargs["pk"])
        permission = self.may.get(self.action)
        if permission and not self.request.user.has_perm(permission, found):
            raise PermissionDenied
        return found

    def rows(self, queryset, serializer_class=None):
        """`queryset` as values() under the names of the serializer's fields."""
        plain, renamed = columns(serializer_class or self.serializer_class)
        return queryset.values(*plain, **renamed)

    def finish(self, rows):
        """What is worked out from a page's rows instead of by the database; changes and returns them."""
        return rows

    def row(self, pk, status=200):
        """The answer that shows one row as it now stands: its id alone, where the change took it out of the caller's sight."""
        row = self.rows(self.get_queryset()).filter(pk=pk).first()
        return self.tagged(self.finish([row])[0], status) if row else Response({"id": int(pk)}, status)

    def tagged(self, row, status=200):
        """The answer with a row and, where it may be changed, the ETag of its version."""
        names = self.changeable()
        whole = names and all(name in row for name in names)
        headers = {"ETag": versions.tag_of(row, names)} if whole else {}
        return Response(row, status=status, headers=headers)

    def changeable(self):
        """The fields that PATCH takes, as a tuple; none where nothing is changed like that."""
        if "partial_update" not in self.may:
            return ()
        return writable(self.change_serializer_class or self.serializer_class)

    def hold(self, thing):
        """Keep others from changing the object until the transaction ends; returns it as it now stands."""
        return doors.hold(thing)

    def kept_in(self, thing):
        """The record in which the fields of `thing` stand."""
        return thing

    @contextmanager
    def unchanged(self):
        """In a transaction: the permitted object of the address, held, and still as If-Match says. Raises Changed."""
        with transaction.atomic():
            thing = self.hold(self.get_permitted())
            self._refuse_unheard(thing)
            if asked := self.request.headers.get("If-Match"):
                row = self.rows(self.get_queryset(), self.versioned).get(pk=thing.pk)
                tag = versions.tag_of(row, self.changeable())
                if not versions.matches(asked, tag):
                    sent = self.request.data if isinstance(self.request.data, dict) else {}
                    raise versions.Changed(self.kept_in(thing), tag, sent, row)
            yield thing

    def _refuse_unheard(self, thing):
        """Raises ValidationError for what a PATCH sends and would not change."""
        sent = self.request.data if self.action == "partial_update" else {}
        heard = self.changeable()
        extra = {name: sent[name] for name in sent if name not in heard} if isinstance(sent, dict) else {}
        if extra:
            row = self.retrieve(self.request, pk=thing.pk).data
            if wrong := unheard.refusals(extra, row, self.request.path, self.elsewhere):
                raise ValidationError(wrong)

    def refuse_elsewhere(self, sent):
        """Raises ValidationError for what a new record cannot have from the start, because an action of its own decides it."""
        self._refuse_new([name for name in self.elsewhere if name in sent] if isinstance(sent, dict) else [])

    def _refuse_new(self, names):
        if names:
            shown = self.serializer_class().fields
            raise ValidationError(unheard.why(names, shown, f"{self.request.path}…/", self.elsewhere))

    def list(self, request):
        """A page of rows, newest first."""
        rows = self.rows(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.finish(self.paginate_queryset(rows)))

    def retrieve(self, request, pk):
        """One row."""
        row = self.rows(self.get_queryset()).filter(pk=pk).first()
        if row is None:
            raise self.absent(pk)
        return self.tagged(self.finish([row])[0])

    def absent(self, pk):
        """The error for an address with nothing to see at it: Merged where the caller sees what it was merged into."""
        if any(field.name == "merged_into" for field in self.queryset.model._meta.fields):
            into = doors.survivor(self.queryset.model, pk)
            if into and self.get_queryset().filter(pk=into).exists():
                return Merged(into)
        return Http404()


class Writable(Resource):
    """A resource of plain records: created and changed through its serializer."""

    @idempotent
    def create(self, request):
        """Create one. Send an Idempotency-Key to be able to repeat the request safely."""
        self.refuse_elsewhere(request.data)
        made = self.valid(request).save()
        return self.row(made.pk, status=201)

    @extend_schema(parameters=[IF_MATCH])
    def partial_update(self, request, pk):
        """Change the fields given."""
        with self.unchanged() as thing:
            self.valid(request, thing, partial=True).save()
        return self.row(pk)

    def valid(self, request, *instance, **options):
        """The serializer with the request's data. Raises ValidationError, for what is not taken too.

        By PATCH `unchanged` has told that already.
        """
        if self.action != "partial_update" and isinstance(request.data, dict):
            heard = writable(self.serializer_class)
            self._refuse_new([name for name in request.data if name not in heard])
        serializer = self.get_serializer(*instance, data=request.data, **options)
        serializer.is_valid(raise_exception=True)
        return serializer


@cache
def writable(serializer_class):
    """The names of a serializer's fields that a client may write."""
    return tuple(name for name, field in serializer_class().fields.items() if not field.read_only)


@cache
def columns(serializer_class):
    """What values() needs to give a serializer's fields: plain names, and {name: F(path)} for the others."""
    plain, renamed = [], {}
    for name, field in serializer_class().fields.items():
        if field.write_only:
            continue
        if field.source == name:
            plain.append(name)
        else:
            renamed[name] = F(field.source.replace(".", "__"))
    return plain, renamed


def ids_named(model, name, by="pk"):
    """The ids that a row names in the many-to-many field `name` of `model`, as an array; `by`: what of the row is its key."""
    many = model._meta.get_field(name)
    target = f"{many.m2m_reverse_field_name()}_id"
    rows = many.remote_field.through.objects.filter(**{many.m2m_field_name(): OuterRef(by)})
    return ArraySubquery(rows.order_by(target).values(target))
