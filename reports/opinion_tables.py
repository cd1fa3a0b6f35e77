"""What every model says, side by side, as tables with the credits behind each word."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pipeline.channels import Channel
from reports import drawing, opinions
from reports.attribution import MODELS
from reports.choice import alone
from reports.columns import link
from ui.tables import Column, Table


def opinions_table(rows, measure, choice) -> Table:
    """What each model says of channels or campaigns (reports.opinions), and how far they lie apart."""
    kind = "number" if measure in opinions.COUNTS else "short_money"
    models = rows[0].said if rows else MODELS
    return Table(
        [
            {
                "currency": choice.currency,
                **_named(one.key, choice),
                **one.said,
                **_said_lists(one, measure, choice),
                "least": one.least,
                "most": one.most,
                "spread": one.spread,
            }
            for one in rows
        ],
        [
            Column("name", gettext_lazy("Name"), href="href", note="channel"),
            *(Column(name, MODELS[name].label, kind, href=f"{name}_href") for name in models),
            Column("least", gettext_lazy("Least"), kind),
            Column("most", gettext_lazy("Most"), kind),
            Column("spread", gettext_lazy("Apart"), "percent"),
        ],
        _("Models side by side"),
        sideways=True,
        empty=_("No deal earns anybody anything here yet."),
    )


def _said_lists(one, measure, choice):
    """The credits behind what each model says."""
    narrow = {"channel": one.key} if isinstance(one.key, str) else {"campaign": alone(one.key.campaign)}
    behind = (
        "return_open" if measure in opinions.OPEN else "channel_roi" if "channel" in narrow else "revenue_roi"
    )
    return {f"{model}_href": drawing.address(behind, choice, model=model, **narrow) for model in one.said}


def _named(key, choice):
    """A channel's or a campaign's name; a campaign with its address and channel."""
    if isinstance(key, str):
        return {
            "name": drawing.channel_name(key),
            "href": f"{reverse('reports:campaigns')}?{choice.query(channel=key)}"
            if key in Channel.values
            else "",
        }
    return {
        "name": key.name,
        "href": link("reports:campaign-return", key.campaign),
        "channel": drawing.channel_name(key.channel),
    }
