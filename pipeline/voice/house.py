"""The message house as it stands on a day: a roof, pillars with their claims, and what we do not say."""

from dataclasses import dataclass, field

from pipeline.models import Audience, Statement, StatementKind


@dataclass
class House:
    """What is approved: core messages, [(pillar or None, its claims)], and what we do not say."""

    roof: list = field(default_factory=list)
    pillars: list = field(default_factory=list)
    avoided: list = field(default_factory=list)


def house(day, product=None, audience=""):
    """The House on `day`, for one product (and what holds for all) and one audience (and what holds for everybody)."""
    said = Statement.objects.approved(day).select_related("product").order_by("pk")
    if product is not None:
        said = said.filter(product=None) | said.filter(product=product)
    if audience:
        said = said.filter(audience__in=(audience, Audience.ALL))
    built, claims = House(), {}
    for one in said:
        if one.kind == StatementKind.ROOF:
            built.roof.append(one)
        elif one.kind == StatementKind.AVOID:
            built.avoided.append(one)
        elif one.kind == StatementKind.PILLAR:
            claims.setdefault(one.pk, (one, []))
    for one in said:
        if one.kind == StatementKind.CLAIM:
            # a claim whose pillar is not said stands alone
            claims.setdefault(one.pillar_id if one.pillar_id in claims else None, (None, []))[1].append(one)
    built.pillars = list(claims.values())
    return built
