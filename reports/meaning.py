"""What a figure is."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Nature(models.TextChoices):
    """How a figure relates to its period."""

    FLOW = "flow", _("in the period")
    COHORT = "cohort", _("cohort")
    STOCK = "stock", _("stock")
    TO_DATE = "to_date", _("to date")


@dataclass(frozen=True)
class Figure:
    """A figure: how it is called, what it means, whether it is flow or cohort, and whether it is money."""

    name: str
    label: Promise
    icon: str
    nature: Nature
    meaning: Promise
    money: bool = False
