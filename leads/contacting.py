"""What the agreement says of who contacts whom, in words."""

from django.utils.translation import gettext as _

from accounts.models import Track
from leads.models.contacting import Other, Phase, Way, rule_of
from ui import formats

HUMAN = (Way.CALL, Way.MEETING, Way.MAIL)


def bound(rules, phase, track):
    """{what the track may do: [Way]} of the ways that people use, in which the other track is responsible."""
    found = {}
    for way in HUMAN:
        rule = rule_of(rules, phase, way)
        if rule.track != track:
            found.setdefault(rule.other, []).append(way)
    return found


def is_free(rules, phase, track):
    """Whether the track may contact such people freely, in every way, though the other is responsible."""
    return set(bound(rules, phase, track)) == {Other.FREE.value} and len(
        bound(rules, phase, track)["free"]
    ) == len(HUMAN)


def told(rules, phase, track):
    """What was agreed for whoever of `track` contacts somebody in the phase; empty where they are responsible or free."""
    ways = bound(rules, phase, track)
    said = {"phase": Phase(phase).label, "track": Track(track).label}
    words = []
    if refused := ways.get(Other.NOT):
        text = _("Agreed for “%(phase)s”: not by %(track)s: %(ways)s.")
        words.append(text % {**said, "ways": _listed(refused)})
    if asked := ways.get(Other.TELL):
        text = _("Agreed for “%(phase)s”: %(track)s tells first: %(ways)s.")
        words.append(text % {**said, "ways": _listed(asked)})
    return " ".join(words)


def table(rules):
    """[(phase, [(responsible track, what the other may do) of each way])], as pages show it."""
    return [
        (
            phase.label,
            [
                (Track(rule.track).label, Other(rule.other).label)
                for way in Way
                if (rule := rule_of(rules, phase, way))
            ],
        )
        for phase in Phase
    ]


def changes(before, after):
    """[(label, what was, what becomes)] of the rules in which two versions differ."""
    rows = []
    for phase in Phase:
        for way in Way:
            was, becomes = rule_of(before, phase, way), rule_of(after, phase, way)
            if was != becomes:
                rows.append((f"{phase.label}: {way.label}", _said(was), _said(becomes)))
    return rows


def _said(rule):
    return f"{Track(rule.track).label} ({Other(rule.other).label})"


def _listed(ways):
    return formats.listed([str(Way(way).label) for way in ways])


def wrong(rules):
    """What is wrong with rules as a program sends them, or nothing."""
    known = {phase.value: {way.value for way in Way} for phase in Phase}
    if (
        not isinstance(rules, dict)
        or {key: set(ways) for key, ways in rules.items() if isinstance(ways, dict)} != known
    ):
        return _("Say it for every phase and way.")
    for ways in rules.values():
        for rule in ways.values():
            if not isinstance(rule, dict) or set(rule) != {"track", "other"}:
                return _("A rule has a track and what the other may do.")
            if rule["track"] not in Track.values or rule["other"] not in Other.values:
                return _("There is no “%(value)s” here.") % {"value": f"{rule['track']}, {rule['other']}"}
    return ""
