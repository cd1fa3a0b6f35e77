"""The firm's own side: people, teams, hours, regions, products. Few rows, made one by one."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import (
    Absence,
    CalendarDay,
    DatedFact,
    Region,
    Reorganisation,
    RepKind,
    RepProfile,
    Role,
    Segment,
    Team,
    Track,
    User,
    WorkingCalendar,
)
from accounts.models.calendars import office_hours
from demo.logins import DOMAIN, PASSWORD
from demo.market import latin
from demo.plan import PRODUCTS, REPS
from leads.models import AssignmentRule
from pipeline.models import ExchangeRate, Product, ProductCost

# key: role, head of, team
PEOPLE = {
    "marketer": (Role.MARKETING, "", "desk"),
    "rep": (Role.SALES, "", 0),
    "manager": (Role.MANAGER, "", 0),
    "head.marketing": (Role.MARKETING, Track.MARKETING, "desk"),
    "head.sales": (Role.MANAGER, Track.SALES, None),
    "admin": (Role.ADMIN, "", None),
    "finance": (Role.FINANCE, "", None),
    "marketer2": (Role.MARKETING, "", "desk"),
    "marketer3": (Role.MARKETING, "", "desk"),
    "rep2": (Role.SALES, "", 0),
    "rep3": (Role.SALES, "", 1),
    "rep4": (Role.SALES, "", 2),
    "farmer": (Role.SALES, "", 0),
    "key": (Role.SALES, "", 0),
    "leaver": (Role.SALES, "", 1),
}
LOGIN = ("marketer", "rep", "manager", "head.marketing", "head.sales", "admin", "finance")


class Staff:
    """Makes them; `made` lists every object that is new, `ids` the keys of everything by code."""

    def __init__(self, story, organisation, calendars):
        self.story, self.house, self.world = story, story.house, story.house.world
        self.organisation, self.calendars = organisation, calendars
        self.made = []
        self.ids = {"region_id": {}, "segment_id": {}, "product_id": {}, "people": {}}

    def hire(self):
        """Everything, in the order of its keys."""
        self._axes()
        self._products()
        self._rates()
        offices = self._calendars()
        teams = self._teams(offices)
        users = self._users(teams)
        self._heads(teams, users)
        self._reps(users)
        self._rules(users)
        self._dates(teams, users)

    def _make(self, model, **fields):
        made = model.objects.create(**fields)
        self.made.append(made)
        return made

    def _axes(self):
        for position, place in enumerate(self.world.territories, 1):
            self.ids["region_id"][place.code] = self._axis(Region, place.code, place.name, position)
        for position, (code, name) in enumerate(self.world.segments, 1):
            self.ids["segment_id"][code] = self._axis(Segment, code, name, position)

    def _axis(self, model, code, name, position):
        there = model.objects.filter(code=code).first()
        return (there or self._make(model, code=code, name=name, position=position)).pk

    def _products(self):
        scale, house = self.world.scale, self.house
        for code, (price, floor, old, new) in PRODUCTS.items():
            name, family = self.world.products[code]
            fields = {"name": name, "family": family, "currency": self.organisation.currency}
            money = {"list_price": round(price * scale), "floor_price": round(floor * scale)}
            product = self._make(Product, code=f"K-{code.upper()}", **fields, **money)
            self.ids["product_id"][code] = product.pk
            for since, share in ((house.start.date() - timedelta(days=60), old), (house.dearer, new)):
                self._make(ProductCost, product=product, since=since, unit_cost=round(price * scale * share))

    def _rates(self):
        for currency, rates in self.house.rates.items():
            for on, rate in rates:
                if not ExchangeRate.objects.filter(currency=currency, on=on).exists():
                    self._make(ExchangeRate, currency=currency, on=on, rate=rate)

    def _calendars(self):
        return [
            self._calendar(place, special)
            for place, special in zip(self.world.territories, self.calendars, strict=True)
        ]

    def _calendar(self, place, special):
        name = f"{self.world.organisation}: {place.name}"
        office = self._make(
            WorkingCalendar, name=name, zone=place.zone, country=place.holidays, hours=office_hours()
        )
        self.mark(office, special)
        return office

    def mark(self, office, special):
        """Enter the special days of a calendar."""
        days = [
            CalendarDay(calendar=office, day=day, hours=hours, name=name)
            for day, (hours, name) in special.items()
        ]
        self.made += CalendarDay.objects.bulk_create(days)

    def _teams(self, offices):
        names, regions = self.world.teams, self.ids["region_id"]
        teams = {"desk": self._make(Team, name=names["desk"], track=Track.MARKETING, calendar=offices[0])}
        for number, (place, office) in enumerate(zip(self.world.territories, offices, strict=True)):
            teams[number] = self._make(
                Team,
                name=names[place.code],
                track=Track.SALES,
                region_id=regions[place.code],
                calendar=office,
            )
        return teams

    def _users(self, teams):
        password, house = make_password(PASSWORD), self.house
        users = {}
        for key, (role, head_of, team) in PEOPLE.items():
            name, _, letters = self.world.staff[key].partition("|")
            address = key if key in LOGIN else ".".join(map(latin, (letters or name).split()))
            gone = house.left if key == "leaver" else None
            users[key] = User(
                email=f"{address}@{DOMAIN}", full_name=name, role=role, head_of=head_of, password=password,
                team=teams.get(team), language=self.organisation.language, is_active=gone is None, left_at=gone,
                is_staff=role == Role.ADMIN,
            )  # fmt: skip
        self.made += User.objects.bulk_create(users.values())
        self._belonged(users, teams)
        self.ids["people"] = {key: user.pk for key, user in users.items()}
        return users

    def _belonged(self, users, teams):
        """Since the beginning; one rep came from another team half a year ago, one goes there with the next season."""
        teams_of = DatedFact.objects.of("team", *(user.pk for user in users.values()))
        teams_of.update(since=self.house.start)
        came, goes = users["rep3"], users["rep4"]
        teams_of.filter(subject=came.pk).update(value=goes.team_id)
        for user, team, days in ((came, came.team, -180), (goes, came.team, 45)):
            since = self.house.now + timedelta(days=days)
            self._make(DatedFact, what="team", subject=user.pk, value=team.pk, since=since, pending=days > 0)

    def _heads(self, teams, users):
        heads = {"desk": "head.marketing", 0: "manager", 1: "manager", 2: "head.sales"}
        for key, team in teams.items():
            team.head = users[heads[key]]
            team.save(update_fields=["head"])

    def _reps(self, users):
        held = {worker.key: 0 for worker in REPS}
        for lead in self.story.passes:
            if lead.open_offer:
                held[lead.open_offer.rep] = held.get(lead.open_offer.rep, 0) + 1
        for worker in REPS:
            rep = self._rep(worker, users[worker.key], held[worker.key])
            regions = [self.ids["region_id"][self.world.territories[n].code] for n in worker.territories]
            rep.regions.set(regions)
            self.made += RepProfile.regions.through.objects.filter(repprofile=rep)
            if worker.key == "rep4":
                self._holiday(rep)

    def _rep(self, worker, user, held):
        """Everybody has room for more, except the slow one, who is over capacity."""
        capacity = max(held - 3, 5) if worker.key == "rep2" else (held * 5 // 4 // 5 + 3) * 5
        return self._make(
            RepProfile, user=user, kind=worker.kind, weight=worker.weight, capacity=capacity, open_n=held,
            cap_ceiling=max(capacity, held), accepting=worker.key != "leaver",
        )  # fmt: skip

    def _holiday(self, rep):
        house = self.house
        for days in (-200, 12):
            start = house.now + timedelta(days=days)
            self._make(Absence, rep=rep, during=(start, start + timedelta(days=9)))

    def _rules(self, users):
        for number, place in enumerate(self.world.territories):
            rule = self._make(AssignmentRule, name=place.name, position=number + 1)
            rule.regions.set([self.ids["region_id"][place.code]])
            rule.reps.set(
                [users[one.key] for one in REPS if number in one.territories and one.key != "leaver"]
            )
            for link in (AssignmentRule.regions, AssignmentRule.reps):
                self.made += link.through.objects.filter(assignmentrule=rule)

    def _dates(self, teams, users):
        """All of it since the beginning, save one team that had another head until the spring; and one reorganisation ahead."""
        house, rules = (
            self.house,
            AssignmentRule.objects.filter(
                pk__in=[one.pk for one in self.made if isinstance(one, AssignmentRule)]
            ),
        )
        of = {
            "head": [team.pk for team in teams.values()],
            **dict.fromkeys(
                ("head_of", "kind", "weight", "capacity", "regions", "segments"), self.ids["people"].values()
            ),
            **dict.fromkeys(("rule_reps", "rule_first"), rules.values_list("pk", flat=True)),
        }
        for what, subjects in of.items():
            known = DatedFact.objects.of(what, *subjects)
            known.exclude(pk__in=known.in_force(timezone.now()).values("pk")).delete()
            known.update(since=house.start)
        DatedFact.objects.of("head", teams[1].pk).update(value=users["head.sales"].pk)
        self._fact("head", teams[1].pk, users["manager"].pk, house.now - timedelta(days=150))
        self._reorganise(teams, users)

    def _reorganise(self, teams, users):
        """Two regions under one head, and a hunter who becomes a farmer, six weeks from now."""
        day = (self.house.now + timedelta(days=42)).astimezone(self.house.zone)
        since = day.replace(hour=0, minute=0, second=0, microsecond=0)
        changes = [
            {"what": "head", "subject": teams[2].pk, "value": users["manager"].pk},
            {"what": "kind", "subject": users["rep3"].pk, "value": RepKind.FARMER},
            {"what": "weight", "subject": users["rep"].pk, "value": 1.5},
        ]
        name, reason = self.world.reorganisation
        made = self._make(
            Reorganisation, name=name, reason=reason, since=since, changes=changes, by=users["head.sales"],
            planned_at=self.house.now - timedelta(days=2),
        )  # fmt: skip
        for one in changes:
            self._fact(one["what"], one["subject"], one["value"], since, made)

    def _fact(self, what, subject, value, since, of=None):
        ahead = since > self.house.now
        by = self.ids["people"]["head.sales"]
        self._make(
            DatedFact,
            what=what,
            subject=subject,
            value=value,
            since=since,
            pending=ahead,
            by_id=by,
            reorganisation=of,
        )
