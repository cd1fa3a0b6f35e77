"""My numbers: at most six figures for each post, over exactly what that post answers for (capability 23)."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import RepKind, RepProfile, Role, Team, Track
from accounts.visibility import sees_all
from pipeline.channels import OFFLINE
from reports import answers, funnel, leagues, reading, returns, wins
from reports import goals as agreed
from reports.choice import BadChoice, together
from reports.glance import renewals
from reports.glance.renewals import Renewals

POSTS = {
    "online": _("Marketing, online"),
    "offline": _("Marketing, offline"),
    "desk": _("Lead desk"),
    "marketing_head": _("Head of marketing"),
    "rep": _("Rep"),
    "farmer": _("Farmer"),
    "manager": _("Team lead"),
    "sales_head": _("Head of sales"),
}
# At most six each; reports.minding tells them.
FIGURES_OF = {
    "online": ("leads", "mqls", "cost_per_mql", "sqls", "acceptance", "revenue_roi"),
    "offline": ("leads", "sqls", "cost_per_sql", "created", "spend", "revenue_roi"),
    "desk": ("mqls", "ready", "desk_days", "offered", "acceptance", "returned"),
    "marketing_head": ("created", "sqls", "cost_per_sql", "acceptance", "spend", "revenue_roi"),
    "rep": ("won", "pipeline", "win_rate", "in_time", "contact", "stepless"),
    "farmer": ("renewal_rate", "margin_kept", "expansions", "in_time", "pipeline", "stepless"),
    "manager": ("won", "pipeline", "win_rate", "in_time", "sqls", "stepless"),
    "sales_head": ("won", "pipeline", "win_rate", "speed", "sqls", "stepless"),
}
MOST = 6
PERSONAL = ("online", "offline", "rep", "farmer")  # posts that answer for what one person owns or runs


@dataclass(frozen=True)
class Mine:
    """What the figures of a post are told from: the parts of the dashboard, narrowed to what the post answers for."""

    post: str
    funnel: funnel.Funnel
    answers: answers.Answers
    wins: wins.Wins
    returns: returns.Returns
    leagues: dict[str, leagues.League]
    renewals: Renewals
    goals: dict[str, agreed.Goal] = field(default_factory=dict)

    @property
    def margin_kept(self):
        """The margin of expansions and renewals."""
        return sum((self.wins.kinds[kind].margin for kind in ("expansion", "renewal")), Decimal())


def posts(user):
    """The posts that `user` may look from, the own one first; [] for whoever holds none."""
    if user.head_of == Track.MARKETING:
        return ["marketing_head", "online", "offline", "desk"]
    if user.role == Role.MARKETING:
        return _marketer(user)
    if sees_all(user):
        return ["sales_head", "marketing_head", "desk"]
    if user.role == Role.SALES and RepProfile.objects.filter(user=user, kind=RepKind.FARMER).exists():
        return ["farmer", "rep"]
    return {Role.SALES: ["rep"], Role.MANAGER: ["manager", "rep"]}.get(user.role, [])


def _marketer(user):
    """Whoever runs more campaigns offline than online is an offline marketer; whoever runs none works at the desk."""
    channels = list(user.campaigns.values_list("channel", flat=True))
    offline = sum(channel in OFFLINE for channel in channels)
    own = "desk" if not channels else "offline" if offline * 2 > len(channels) else "online"
    return [own, *(one for one in ("online", "offline", "desk") if one != own)]


def narrowing(user, post):
    """The part of the address that narrows figures to what the post answers for: {"rep": …}, {"team": …} or {}.

    A manager answers for the own team and every team that they head; without any, for what they own.
    """
    if post in PERSONAL:
        return {"rep": str(user.pk)}
    if post != "manager":
        return {}
    own = Team.objects.filter(Q(pk=user.team_id) | Q(head=user), track=Track.SALES).order_by("pk")
    teams = together(own.values_list("pk", flat=True))
    return {"team": teams} if teams else {"rep": str(user.pk)}


def asked(user, query):
    """(post, post as asked for or None, posts held) of a query, which loses `post`. Raises BadChoice."""
    held, wanted = posts(user), "".join(query.pop("post", [])[-1:]) or None
    if wanted and wanted not in held:
        raise BadChoice(gettext("There is no post “%(value)s” for you.") % {"value": wanted[:60]})
    return wanted or held[0], wanted, held


def mine(user, choice, post, wide) -> Mine:
    """The Mine of a post within `choice`; the leagues are over `wide`, the choice before it was narrowed. One statement."""
    rows = reading.read(
        {
            **funnel.parts(choice),
            **answers.parts(choice),
            **wins.parts(choice),
            **returns.parts(choice),
            **leagues.parts(user, wide),
            **renewals.parts(choice, of_accounts=post == "farmer"),
            **agreed.parts(user, post, choice),
        }
    )
    found = Mine(
        post,
        funnel.made(choice, rows),
        answers.made(choice, rows),
        wins.made(choice, rows),
        returns.made(choice, rows),
        leagues.made(rows),
        renewals.made(rows),
    )
    return replace(found, goals=agreed.made(found, choice, rows))
