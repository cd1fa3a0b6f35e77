"""Score rules compiled to SQL over `leads.fields.FROM`, every value a bound parameter."""

from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from leads import fields
from leads.models.score import Operator

# As people write numbers, in this order; 1,250 is a thousand and more. What stands between thousands is left out.
NUMBER = r"^\s*[+-]?\d{1,15}(\.\d{1,9})?\s*$"
SPACE = " \u00a0\u202f"
GROUPED = rf"^\s*[+-]?\d{{1,3}}([,{SPACE}]\d{{3}}){{1,4}}(\.\d{{1,9}})?\s*$"
COMMA = rf"^\s*[+-]?(\d{{1,15}}|\d{{1,3}}([.{SPACE}]\d{{3}}){{1,4}}),\d{{1,9}}\s*$"
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
    holds_of = ATTRIBUTE_CONDITIONS.get(operator, CONDITIONS[operator]) if many else CONDITIONS[operator]
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


def _between(text, value, bind):
    low, high = _bounds(value)
    number = (
        f"CASE WHEN {text} ~ '{NUMBER}' THEN {text}::numeric"
        f" WHEN {text} ~ '{GROUPED}' THEN translate({text}, ',{SPACE}', '')::numeric"
        f" WHEN {text} ~ '{COMMA}' THEN replace(translate({text}, '.{SPACE}', ''), ',', '.')::numeric END"
    )
    return f"{number} BETWEEN {bind(low)} AND {bind(high)}"


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
ATTRIBUTE_CONDITIONS = {
    Operator.KNOWN: _known_attribute,
    Operator.CONTAINS: _known_and(_contains),
    Operator.ENDS: _known_and(_ends),
}


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
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > FARTHEST:
        raise ValueError(_("“%(value)s” is not a number.") % {"value": value})
    return number
