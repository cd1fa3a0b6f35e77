"""The cast of every test: one person of each kind, and short ways to make what they work with."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from accounts.models import Region, RepKind, RepProfile, Role, Segment, Team, Track, User
from leads.models import Lead, LeadScore, ScoreModel, StageChange, Touch, TouchKind
from pipeline.channels import Channel
from pipeline.models import Campaign, Company, Contact, Deal, DealStage, Identity

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)  # a Wednesday
PASSWORD = "correct horse battery"
_numbers = count(1)


@dataclass(frozen=True)
class Cast:
    """Everybody, in two sales teams and one marketing team."""

    marketer: User
    marketing_head: User
    rep: User
    teammate: User
    other_rep: User
    manager: User
    other_manager: User
    sales_head: User
    admin: User
    finance: User
    service: User

    def everybody(self):
        """Name → user."""
        return dict(vars(self))


def person(name, role, **fields):
    """A user without a usable password (tests use force_login), signed in as name@tandem.example."""
    user = _person(name, role, **fields)
    user.save()
    return user


def _person(name, role, **fields):
    user = User(email=f"{name}@tandem.example", full_name=name.replace("_", " ").title(), role=role, **fields)
    user.set_unusable_password()
    return user


def gather():
    """Make the cast and its teams, in few statements: most tests begin with it."""
    tracks = {"North": Track.SALES, "South": Track.SALES, "Desk": Track.MARKETING}
    north, south, desk = Team.objects.bulk_create(
        Team(name=name, track=track) for name, track in tracks.items()
    )
    cast = Cast(
        marketer=_person("marketer", Role.MARKETING, team=desk),
        marketing_head=_person("marketing_head", Role.MARKETING, team=desk, head_of=Track.MARKETING),
        rep=_person("rep", Role.SALES, team=north),
        teammate=_person("teammate", Role.SALES, team=north),
        other_rep=_person("other_rep", Role.SALES, team=south),
        manager=_person("manager", Role.MANAGER, team=north),
        other_manager=_person("other_manager", Role.MANAGER, team=south),
        sales_head=_person("sales_head", Role.MANAGER, head_of=Track.SALES),
        admin=_person("admin", Role.ADMIN, is_staff=True),
        finance=_person("finance", Role.FINANCE),
        service=_person("service", Role.SERVICE),
    )
    User.objects.bulk_create(cast.everybody().values())
    for team, head in ((north, cast.manager), (south, cast.other_manager), (desk, cast.marketing_head)):
        team.head = head
    Team.objects.bulk_update([north, south, desk], ["head"])
    reps = (cast.rep, cast.teammate, cast.other_rep)
    RepProfile.objects.bulk_create(RepProfile(user=user, kind=RepKind.HUNTER) for user in reps)
    return cast


def company(name=None, **fields):
    """A company with a number in its name."""
    name = name or f"Company {next(_numbers)}"
    return Company.objects.create(name=name, key=name.casefold(), **fields)


def contact(name=None, email=None, **fields):
    """A contact with an e-mail address as key."""
    number = next(_numbers)
    made = Contact.objects.create(full_name=name or f"Person {number}", **fields)
    Identity.objects.create(contact=made, kind="email", value=email or f"person{number}@example.com")
    return made


def campaign(name=None, **fields):
    """A campaign on paid search."""
    number = next(_numbers)
    return Campaign.objects.create(
        **{"name": name or f"Campaign {number}", "code": f"c{number}", "channel": Channel.SEM, **fields}
    )


def lead(at=NOON, **fields):
    """A new lead with its first step of history and a due score; `leads.funnel` moves it on."""
    made = Lead.objects.create(
        **{
            "contact": fields.pop("contact", None) or contact(),
            "captured_at": at,
            "seq": 1,
            "channel": Channel.SEM,
            **fields,
        }
    )
    StageChange.objects.create(lead=made, seq=1, from_stage="-", to_stage="new", at=at)
    LeadScore.objects.create(lead=made, model=ScoreModel.objects.get(in_force=True, line=""))
    return made


def touch(contact, at=NOON, kind=TouchKind.FORM, **fields):
    """One touch by paid search."""
    return Touch.objects.create(
        **{"contact": contact, "at": at, "kind": kind, "channel": Channel.SEM, **fields}
    )


def deal(at=NOON, **fields):
    """An open deal in the first stage."""
    number = next(_numbers)
    return Deal.objects.create(
        **{
            "name": f"Deal {number}",
            "stage": DealStage.objects.order_by("position")[0],
            "opened_at": at,
            **fields,
        }
    )


def segment(code="smb"):
    """A segment."""
    return Segment.objects.get_or_create(code=code, defaults={"name": code.upper()})[0]


def region(code="north"):
    """A region."""
    return Region.objects.get_or_create(code=code, defaults={"name": code.title()})[0]
