"""The words by which cells choose a value of a fixed vocabulary."""

from functools import cache

from django.conf import settings
from django.utils import translation

from leads.models import TouchKind
from pipeline.models import Outcome, SpendKind

# What lists of a fair say of a talk there; hot raises a hand, as in quick-add.
WARM = dict.fromkeys(
    ["warm", "cold", "тёплый", "теплый", "холодный", "温", "中", "冷", "低", "一般"], TouchKind.EVENT.value
)
ALSO = {
    TouchKind: {**WARM, **dict.fromkeys(["hot", "горячий", "热", "高"], TouchKind.HOT_AT_BOOTH.value)},
    Outcome: {
        **dict.fromkeys(
            ["closed won", "выигран", "выиграна", "выиграно", "успешно", "赢单", "成交"], Outcome.WON.value
        ),
        **dict.fromkeys(
            ["closed lost", "проигран", "проиграна", "проиграно", "отказ", "输单", "丢单"], Outcome.LOST.value
        ),
        **dict.fromkeys(["in progress", "в работе", "进行中", "跟进中"], Outcome.OPEN.value),
    },
    SpendKind: {
        **dict.fromkeys(
            ["plan", "budget", "план", "бюджет", "geplant", "计划", "预算"], SpendKind.PLANNED.value
        ),
        **dict.fromkeys(
            ["ordered", "обязательство", "заказано", "bestellt", "beauftragt", "已签约"],
            SpendKind.COMMITTED.value,
        ),
        **dict.fromkeys(
            ["actual", "fact", "факт", "оплата", "ist", "bezahlt", "实际", "已付"], SpendKind.PAID.value
        ),
    },
}


@cache
def choice_words(choices):
    """Word in small letters → value of the choice, by value or by label in every language."""
    found = {value.casefold(): value for value in choices.values}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for value, label in choices.choices:
                found.setdefault(str(label).casefold(), value)
    return ALSO.get(choices, {}) | found
