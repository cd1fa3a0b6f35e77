"""Cohorts, the budget and targets in the REST API."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from accounts import organisation
from accounts.doors import require
from accounts.unheard import checked
from engine.refusals import Conflict
from leads.signing import NotToSign
from reports import budget, cohorts, funnel, periods, promising, targets
from reports.api.promised import BudgetSerializer, PromisesSerializer, TargetsSerializer
from reports.api.reports import CHOICE, Report, asked, number, step_of
from reports.api.shapes import CohortsSerializer
from reports.choice import axes, bounded, one_of, parse
from reports.heeding import heeded
from reports.models import Measure
from reports.money import NOT_AVAILABLE
from reports.rounds import showing

MEASURE = OpenApiParameter("measure", enum=Measure.values, description="what is promised, default won")


class CohortsReport(Report):
    """The funnel by cohort."""

    @extend_schema(parameters=CHOICE, responses=CohortsSerializer, operation_id="reports_cohorts")
    def get(self, request):
        """How far the passes of each month, channel, segment and region came by today, and the days of each step."""
        return super().get(request)

    def report(self, request, choice, at):
        found = cohorts.cohorts(choice, request.user)
        months = [one for one in found.funnel.months if one.month in choice.period and one.leads]
        return {
            **asked(choice),
            "months": [{"month": one.month, **reached_of(one)} for one in months],
            **{
                f"by_{axis}": [{"key": str(key), **reached_of(one)} for key, one in rows.items()]
                for axis, rows in found.sources.items()
            },
            "by_region": [
                {"key": str(key), "parent": found.tree.above.get(key), **reached_of(one)}
                for key, one in found.sources["region"].items()
            ],
            "steps": [step_of(step) for step in found.funnel.steps.values()],
            "waiting": [vars(one) for one in found.queues],
        }


class BudgetReport(Report):
    """The budget."""

    permission = "reports.view_money"

    @extend_schema(parameters=CHOICE, responses=BudgetSerializer, operation_id="reports_budget")
    def get(self, request):
        """Planned, committed and paid of the period by campaign; budget, what is left and earned to date."""
        return super().get(request)

    def report(self, request, choice, at):
        found = budget.budget(choice)
        months = [
            {"month": month, **{name: number(value) for name, value in sums.items()}}
            for month, sums in found.months.items()
        ]
        return {
            **asked(choice),
            "total": line_of(found.total) | {"revenue_roi": None},
            "months": months,
            "results": [line_of(line) for line in found.lines],
        }


class Targets(Report):
    """Targets by region and segment."""

    permission = "reports.view_money"

    @extend_schema(parameters=[*CHOICE, MEASURE], responses=TargetsSerializer, operation_id="reports_targets")
    def get(self, request):
        """Each cell with its target and what was attained; 0 is no region or no segment. Default: this quarter.

        A region counts with all that is part of it: the cells of regions without a `parent` sum to the total.
        Narrowed by segment and region: targets are set for those.
        """
        require(request, self.permission)
        query = request.query_params.copy()
        asked_for = {"measure": "".join(query.pop("measure", [])[-1:])}
        measure = one_of(asked_for, "measure", Measure.values, "won")
        promising.quarterly(query)
        choice = bounded(parse(query, axes(query), timezone.now()))
        return Response(told(heeded(choice, promising.TARGETS), measure))

    @extend_schema(request=PromisesSerializer, responses=TargetsSerializer, operation_id="reports_promise")
    def put(self, request):
        """Set the targets of the cells given, over the months `first` to `last`; null takes one away.

        The head of sales and administrators set all, the head of marketing those of margin kept, SQLs and pipeline. Those of a year
        that is agreed, or waits for signatures, are proposed with their `why`: what was agreed is answered until every side has signed.
        """
        require(request, "reports.change_target")
        data = checked(PromisesSerializer(data=request.data, context={"known": axes()}))
        require(request, "reports.change_target", data["measure"])
        period = periods.between(data["first"], data["last"])
        wishes = {(one["region"], one["segment"]): one["amount"] for one in data["cells"]}
        said = {name: data[name] for name in ("why", "asked_by")}
        try:
            targets.promise(data["measure"], period, wishes, request.user, timezone.now(), **said)
        except NotToSign as refusal:
            raise Conflict(str(refusal)) from None
        asked_for = {"from": f"{period.first:%Y-%m}", "to": f"{period.last:%Y-%m}"}
        return Response(told(parse(asked_for, axes(), timezone.now()), data["measure"]))


def told(choice, measure):
    """A Matrix."""
    start = organisation.current().fiscal_year_start
    matrix = targets.matrix(measure, choice.period, choice.today, start, choice.region, choice.segment)
    return {
        **asked(choice),
        "measure": measure,
        "years": [
            {
                "first": one.first,
                "agreed": one.agreed and one.agreed.id,
                "waiting": one.waiting and one.waiting.id,
            }
            for one in showing.standing(choice.period).years
        ],
        "cells": [
            {
                "region": region,
                "parent": matrix.tree.above.get(region),
                "segment": segment,
                "own": number(matrix.own.get((region, segment))),
                **promise_of(one),
            }
            for (region, segment), one in sorted(matrix.cells.items())
        ],
        "total": promise_of(matrix.total),
        "horizons": {name: promise_of(one) for name, one in matrix.horizons.items()},
    }


def promise_of(one):
    """A Promise."""
    return {"target": number(one.target), "attained": number(one.attained)}


def reached_of(month):
    """Leads of a cohort and how many of them came so far."""
    return {"leads": month.leads, **{name: getattr(month, name) for name in funnel.REACHED}}


def line_of(line):
    """A Line of the budget."""
    roi = line.to_date.revenue_roi
    return {
        "campaign": line.campaign,
        "name": line.name,
        "parent": line.parent,
        **{name: number(getattr(line, name)) for name in ("budget", *budget.SUMS, "left")},
        "spent": number(line.to_date.spend),
        "revenue": number(line.to_date.revenue),
        "revenue_roi": None if roi == NOT_AVAILABLE else number(roi),
    }
