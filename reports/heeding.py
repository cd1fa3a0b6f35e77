"""Which filters a page heeds. The others stay in its address and go along; one quiet line names those that change nothing."""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pipeline.channels import Channel
from reports import attribution, periods
from ui import formats

NARROWING = {
    "channel": gettext_lazy("channel"),
    "segment": gettext_lazy("segment"),
    "region": gettext_lazy("region"),
    "campaign": gettext_lazy("campaign"),
    "team": gettext_lazy("team"),
    "rep": gettext_lazy("person"),
}


def heeded(choice, names):
    """The Choice that a page's figures and lists are told from: narrowed by the filters of these names only."""
    return replace(choice, **{name: None for name in NARROWING if name not in names})


def narrowing(choice, names=None):
    """The filters of these names (None: all there are) that the choice narrows by."""
    return [
        name for name in NARROWING if (names is None or name in names) and getattr(choice, name) is not None
    ]


def named(choice, names=None):
    """What the choice is narrowed to by the filters of these names, in words: "channel: Exhibition, region: North"; "" where it is not."""
    words = []
    for name in narrowing(choice, names):
        value = getattr(choice, name)
        if name != "channel":
            value = value.name
        elif value in Channel.values:
            value = Channel(value).label
        words.append(_("%(filter)s: %(name)s") % {"filter": NARROWING[name], "name": value or _("None")})
    return ", ".join(words)


def unheeded(choice, names):
    """What the choice asks for and a page that heeds these names leaves out; usual periods and models are not asked for."""
    if names is None:
        return []
    other = {
        "period": choice.period.key != periods.DEFAULT,
        "model": choice.model != (choice.locked or attribution.DEFAULT),
    }
    return [
        *(name for name in narrowing(choice) if name not in names),
        *(name for name, asked in other.items() if asked and name not in names),
    ]


def told(choice, names, why=""):
    """The sentences about what the page leaves out; `why`: what its figures are of, if that is to be said."""
    left = unheeded(choice, names)
    words = [NARROWING[name] for name in left if name in NARROWING]
    if "period" in left:
        words.append(gettext_lazy("period"))
    sentences = []
    if words:
        text = _("Not narrowed by %(filters)s: %(why)s.") if why else _("Not narrowed by %(filters)s.")
        sentences.append(text % {"filters": formats.listed(words), "why": why})
    if "model" in left:
        sentences.append(_("The model changes nothing here."))
    return sentences
