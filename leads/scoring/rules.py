"""Score rules compiled to SQL over `leads.fields.FROM`, every value a bound parameter."""

import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from leads import fields
from leads.models.score import Operator

# As people write numbers, in this order; 1,250 is a thousand and more. What stands between thousands is left out.
# Written out, as \s and \d are more than a cast to a number takes.
SPACE = " \u00a0\u202f"
BLANK = rf"[{SPACE}\t\r\n\u2003\u3000]*"
NUMBER = rf"^{BLANK}[+-]?[0-9]{{1,15}}(\.[0-9]{{1,9}})?{BLANK}$"
GROUPED = rf"^{BLANK}[+-]?[0-9]{{1,3}}([,{SPACE}][0-9]{{3}}){{1,4}}(\.[0-9]{{1,9}})?{BLANK}$"
COMMA = rf"^{BLANK}[+-]?([0-9]{{1,15}}|[0-9]{{1,3}}([.{SPACE}][0-9]{{3}}){{1,4}}),[0-9]{{1,9}}{BLANK}$"
LEAST, MOST = -2_000_000_000, 2_000_000_000


def fit(rules, bind, caps=None):
    """SQL of the points that the rules give a lead, as an integer; `bind` is a fields.Bound.

    `caps` {group: most points}: what the rules of that group give together at most. Takings are never capped.
    """
    groups = {}
    for rule in rules:
        points = f"CASE WHEN {holds(rule, bind)} THEN {bind(rule.points)}::bigint ELSE 0 END"
        groups.setdefault(rule.group if rule.group in (caps or {}) else "", []).append(points)
    sums = [
        f"least({bind(caps[group])}::bigint, {' + '.join(points)})" if group else " + ".join(points)
        for group, points in groups.items()
    ]
    return f"greatest({LEAST}, least({MOST}, {' + '.join(sums) or '0'}))::int"


def holds(rule, bind):
    """SQL of the rule's condition; a rule that cannot be read holds for nobody, and stops no other lead's score."""
    try:
        return condition(rule, bind)
    except ValueError:
        return "false"


def condition(rule, bind):
    """SQL of the rule's condition, never null. Raises ValueError with what is wrong with the rule."""
    if not fields.exists(rule.field):
        known = ", ".join([*fields.FIELDS, f"{fields.ATTRIBUTE}…"])
        raise ValueError(
            _("There is no field “%(field)s”. There are: %(known)s.") % {"field": rule.field, "known": known}
        )
    operator, number = Operator(rule.operator), fields.number_of(rule.field)
    if operator == Operator.BETWEEN and number:
        low, high = _bounds(rule.value)
        return f"coalesce({number} BETWEEN {bind(low)} AND {bind(high)}, false)"
    text, many = fields.text_of(rule.field, bind), fields.values_of(rule.field, bind)
    holds_of = _conditions(many, number)[operator]
    asked = holds_of(text, rule.value, bind)
    if many:  # of a list one value is enough
        is_list, rows = many
        any_of = f"EXISTS (SELECT 1 FROM {rows} WHERE {holds_of('one.text', rule.value, bind)})"
        asked = f"CASE WHEN {is_list} THEN {any_of} ELSE {asked} END"
    return f"coalesce({asked}, false)"


def _is(text, value, bind):
    return f"lower({text}) = lower({bind(_text(value))})"


def _in(text, value, bind):
    wanted = ", ".join(f"lower({bind(item)})" for item in _texts(value))
    return f"lower({text}) IN ({wanted})"


def _is_or_measures(text, value, bind):
    """The same word or the same number, however either is written: 1.5 is 1,5."""
    return _or_measures(_is(text, value, bind), text, [value], bind)


def _in_or_measures(text, value, bind):
    return _or_measures(_in(text, value, bind), text, value, bind)


def _or_measures(asked, text, values, bind):
    wanted = [one for one in (written(_text(value)) for value in values) if one is not None]
    if not wanted:
        return asked
    listed = ", ".join(map(bind, wanted))
    return f"({asked} OR {measured(text)} IN ({listed}))"


def written(text):
    """The Decimal that a text writes, read as `measured` reads it; None for a word."""
    if re.search(NUMBER, text) or re.search(GROUPED, text):
        return Decimal(re.sub(r"[^0-9.-]", "", text))
    return Decimal(re.sub(r"[^0-9,-]", "", text).replace(",", ".")) if re.search(COMMA, text) else None


def _between(text, value, bind):
    low, high = _bounds(value)
    return f"{measured(text)} BETWEEN {bind(low)} AND {bind(high)}"


def measured(text):
    """SQL of the number that a text writes; null where it writes none."""
    return (
        f"CASE WHEN {text} ~ '{NUMBER}' OR {text} ~ '{GROUPED}' THEN regexp_replace({text}, '[^0-9.-]', '', 'g')::numeric"
        f" WHEN {text} ~ '{COMMA}' THEN replace(regexp_replace({text}, '[^0-9,-]', '', 'g'), ',', '.')::numeric END"
    )


def _contains(text, value, bind):
    wanted = _texts(value if isinstance(value, list) else [value])
    return "(" + " OR ".join(f"strpos(lower({text}), lower({bind(item)})) > 0" for item in wanted) + ")"


def _ends(text, value, bind):
    wanted = _texts(value if isinstance(value, list) else [value])
    ended = (f"right(lower({text}), length(lower({item}))) = lower({item})" for item in map(bind, wanted))
    return "(" + " OR ".join(ended) + ")"


def _known(text, value, bind):
    return f"{text} <> ''"


def _known_attribute(text, value, bind):
    """What a file writes for nothing is nothing."""
    nothing = bind(sorted(fields.NOTHING))
    return (
        f"{text} <> '' AND lower(btrim(regexp_replace({text}, '\\s+', ' ', 'g'))) <> ALL({nothing}::text[])"
    )


def _known_and(holds):
    """A part of what a file writes for nothing is part of nothing."""
    return lambda text, value, bind: f"({holds(text, value, bind)} AND {_known_attribute(text, value, bind)})"


FARTHEST = 10**16  # beyond it no bound is a measure of anything
CONDITIONS = {
    Operator.IS: _is,
    Operator.IN: _in,
    Operator.BETWEEN: _between,
    Operator.CONTAINS: _contains,
    Operator.ENDS: _ends,
    Operator.KNOWN: _known,
}
NUMBER_CONDITIONS = {Operator.IS: _is_or_measures, Operator.IN: _in_or_measures}
ATTRIBUTE_CONDITIONS = {
    Operator.KNOWN: _known_attribute,
    Operator.CONTAINS: _known_and(_contains),
    Operator.ENDS: _known_and(_ends),
}


def _conditions(attribute, number):
    """How each operator is asked of an attribute, of a field that is stored as a number, or of one that is a text."""
    if attribute:
        return CONDITIONS | NUMBER_CONDITIONS | ATTRIBUTE_CONDITIONS
    return CONDITIONS | NUMBER_CONDITIONS if number else CONDITIONS


def _text(value):
    """As JSON writes it, so that a rule may ask for true or 5."""
    if value is None or isinstance(value, (list, dict)) or not str(value).strip():
        raise ValueError(_("The rule needs a value."))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _texts(value):
    if not isinstance(value, list) or not value:
        raise ValueError(_("The rule needs a list of values."))
    return [_text(item) for item in value]


def _bounds(value):
    """The lowest and highest number; null leaves a side open."""
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(_("The rule needs a lowest and a highest value."))
    low, high = _number(value[0], -FARTHEST), _number(value[1], FARTHEST)
    if low > high:
        raise ValueError(_("The lowest value is above the highest."))
    return low, high


def _number(value, otherwise):
    if value is None:
        return Decimal(otherwise)
    try:
        number = Decimal(str(value)) if (read := written(str(value))) is None else read
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > FARTHEST:
        raise ValueError(_("“%(value)s” is not a number.") % {"value": value})
    return number
