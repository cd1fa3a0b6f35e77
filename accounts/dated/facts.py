"""Which facts of the structure have dates: where each is kept, what it may be, and how it is put in force and told."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.apps import apps
from django.db import connection

from ui.formats import numbers

DUE = """
WITH due AS MATERIALIZED (
  SELECT DISTINCT ON (subject) subject, value FROM accounts_datedfact
  WHERE what = %s AND subject = ANY(%s) AND since <= %s ORDER BY subject, since DESC)
"""


@dataclass(frozen=True)
class Fact:
    """A fact of a `subject` ("app.Model") that is kept in `column` of `table`, whose `key` is the subject's id.

    `permission` is asked of the subject, or of what its attribute `guarded` names. `asks` makes the form field that
    judges a value; `also` is what the same statement sets beside it; `only` narrows the subjects.
    """

    name: str
    label: Any
    subject: str
    table: str
    column: str
    asks: Callable[[], forms.Field]
    permission: str
    key: str = "id"
    also: str = ""
    only: dict = field(default_factory=dict)
    guarded: str = ""

    def model(self):
        """The model of its subjects."""
        return apps.get_model(self.subject)

    def subjects(self):
        """Those of whom it can be told."""
        return self.model().objects.filter(**self.only)

    def guard(self, subject):
        """The object of which `permission` is asked."""
        return getattr(subject, self.guarded) if self.guarded else subject

    def clean(self, value):
        """`value` as it is kept. Raises ValidationError."""
        return self.kept(self.asks().clean(value))

    def kept(self, cleaned):
        """A value that the form field has judged, as it is kept."""
        return cleaned

    def told(self, values: Iterable) -> dict:
        """{value: its words}; for a set of ids the key is the tuple of them."""
        raise NotImplementedError

    def now(self, ids) -> dict:
        """{subject: value} as it is kept today."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT t.{self.key}, coalesce(to_jsonb(t.{self.column}), 'null')::text FROM {self.table} t WHERE t.{self.key} = ANY(%s)",
                [list(ids)],
            )
            return {subject: json.loads(value) for subject, value in cursor.fetchall()}

    def put(self, cursor, ids, at):
        """Let these subjects be what the dates say by `at`."""
        value = self.value()
        cursor.execute(
            f"{DUE} UPDATE {self.table} t SET {self.column} = {value}{self.also.format(value=value)} FROM due "
            f"WHERE t.{self.key} = due.subject AND t.{self.column} IS DISTINCT FROM {value}",
            [self.name, list(ids), at],
        )

    def value(self):
        """The SQL of the value that is due, as the column takes it."""
        raise NotImplementedError


@dataclass(frozen=True)
class One(Fact):
    """Somebody, or a team: the id of a row of the model `of`, or none."""

    of: str = "accounts.User"

    def kept(self, cleaned):
        return cleaned.pk if cleaned else None

    def told(self, values):
        found = apps.get_model(self.of).objects.in_bulk({one for one in values if one})
        return {pk: str(one) for pk, one in found.items()}

    def value(self):
        table = apps.get_model(self.of)._meta.db_table
        return f"(SELECT r.id FROM {table} r WHERE r.id = (due.value #>> '{{}}')::bigint)"


@dataclass(frozen=True)
class Word(Fact):
    """One of some choices, or none."""

    def told(self, values):
        return dict(self.asks().choices)  # type: ignore[attr-defined]  # a ChoiceField

    def value(self):
        return "coalesce(due.value #>> '{}', '')"


@dataclass(frozen=True)
class Number(Fact):
    """A number; `cast` is its type in the database."""

    cast: str = "integer"

    def kept(self, cleaned):
        return float(cleaned) if self.cast == "numeric" else int(cleaned)

    def told(self, values):
        return {value: numbers.number(value) for value in values}

    def value(self):
        return f"(due.value #>> '{{}}')::{self.cast}"


@dataclass(frozen=True)
class Many(Fact):
    """A set of rows of the model `of`, kept in `table` between `own` and `column`; empty stands for all.

    `empty`: the words for that. `owner` is the table whose `key` is the subject's id and whose id stands in `own`.
    """

    of: str = "accounts.User"
    own: str = ""
    owner: str = ""
    empty: Any = ""

    def kept(self, cleaned):
        return sorted(one.pk for one in cleaned)

    def told(self, values):
        every = {pk for value in values for pk in value or ()}
        names = {pk: str(one) for pk, one in apps.get_model(self.of).objects.in_bulk(every).items()}
        return {
            tuple(value or ()): ", ".join(names.get(pk, "–") for pk in value or ()) or self.empty
            for value in values
        }

    def now(self, ids):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT o.{self.key}, coalesce(array_agg(t.{self.column} ORDER BY t.{self.column}) "
                f"FILTER (WHERE t.{self.column} IS NOT NULL), '{{}}') FROM {self.owner} o "
                f"LEFT JOIN {self.table} t ON t.{self.own} = o.id WHERE o.{self.key} = ANY(%s) GROUP BY 1",
                [list(ids)],
            )
            return dict(cursor.fetchall())

    def put(self, cursor, ids, at):
        bound = [self.name, list(ids), at]
        cursor.execute(
            f"{DUE} DELETE FROM {self.table} t USING due, {self.owner} o WHERE o.{self.key} = due.subject "
            f"AND t.{self.own} = o.id AND NOT coalesce(due.value, '[]') @> to_jsonb(t.{self.column})",
            bound,
        )
        table = apps.get_model(self.of)._meta.db_table
        cursor.execute(
            f"{DUE} INSERT INTO {self.table} ({self.own}, {self.column}) SELECT o.id, r.id FROM due "
            f"JOIN {self.owner} o ON o.{self.key} = due.subject "
            "CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(due.value, '[]')) AS named(id) "
            f"JOIN {table} r ON r.id = named.id::bigint ON CONFLICT DO NOTHING",
            bound,
        )
