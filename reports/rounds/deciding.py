"""How the targets of a fiscal year are agreed: proposed with a reason, signed by every side, or taken back.

`reports_target` always holds what counts: what was set, where nothing was ever agreed, and what was agreed otherwise. A round
holds what is to change of it, and changes it with the last signature, so that whoever reads targets reads what counts.
"""

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts import organisation
from accounts.models import User
from accounts.models.people import Role
from accounts.people import signs_for
from engine.copying import take_lock
from leads.signing import NotToSign
from reports import locks, periods
from reports.models import RoundSignature, RoundTarget, Side, Target, TargetRound
from reports.models.rounds import OPEN
from reports.rounds import stamping

LOCK = "targets"
MOST = 500  # characters of why a round was taken back
CELL = ("month", "measure", "region_id", "segment_id")


def standing(first, until):
    """Rounds that are open or agreed and have months from `first` to before `until`, the latest first."""
    since = periods.shifted(first, -11)
    return TargetRound.objects.filter(closed_at=None, first__gte=since, first__lt=until).order_by(
        "-first", "-number"
    )


def year_of(month, firsts):
    """The first day of the fiscal year whose rounds a month goes by: of one of `firsts`, else of none; None there."""
    return locks.holding(firsts, month)


def propose(first, *, why, asked_by, by, at):
    """Propose all that is set for a fiscal year where nothing was agreed yet. Raises NotToSign."""
    with transaction.atomic(), connection.cursor() as cursor:
        take_lock(cursor, LOCK)
        until = periods.shifted(first, 12)
        if until <= organisation.today(at):
            raise NotToSign(_("This year is over: its targets stay as they are set."))
        firsts = set(standing(first, until).values_list("first", flat=True))
        if first in firsts:
            raise NotToSign(_("A round of this year is agreed or waits already: change its targets instead."))
        rows = [
            one
            for one in Target.objects.filter(month__gte=first, month__lt=until)
            if year_of(one.month, firsts) is None
        ]
        if not rows:
            raise NotToSign(_("No target of this year is set: there is nothing to agree on."))
        made = _open(first, why, asked_by, by, at)
        RoundTarget.objects.bulk_create(
            RoundTarget(round=made, amount=one.amount, **{name: getattr(one, name) for name in CELL})
            for one in rows
        )
        return made


def change(rows, *, why, asked_by, by, at):
    """Of Targets to be (amount None: to be no more) those whose year is agreed or being agreed go into its open round.

    Returns (the rounds, the Targets that nobody agrees on and that may be set at once). The lock is the caller's. Raises NotToSign.
    """
    months = {row.month for row in rows}
    known = list(standing(min(months), periods.shifted(max(months), 1))) if months else []
    firsts = {one.first for one in known}
    asked: dict = {}
    for row in rows:
        asked.setdefault(year_of(row.month, firsts), []).append(row)
    free = asked.pop(None, [])
    waiting = {one.first: one for one in known if one.agreed_at is None}
    return [_ask(waiting.get(first), first, of, why, asked_by, by, at) for first, of in asked.items()], free


def put(rows):
    """Let Targets take the place of those of the same months and places; of one without an amount none is left."""
    rows = list(rows)
    _forget(Target.objects, {_cell(row) for row in rows})
    Target.objects.bulk_create([row for row in rows if row.amount is not None])


def sign(pk, *, by, at, seen=""):
    """Sign for every side that `by` may sign for. Returns whether it is agreed with that. Raises NotToSign.

    `seen` is the stamp of what `by` has read: where it says something else by now, nothing is signed.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        take_lock(cursor, LOCK)
        found = _waiting(pk)
        sides = open_to(by, found)
        if not sides:
            raise NotToSign(_("The heads of marketing and of sales sign, and finance, each once."))
        stamping.as_seen(found, seen)
        RoundSignature.objects.bulk_create(
            RoundSignature(round=found, track=side, user=by, at=at) for side in sides
        )
        if found.signatures.count() < len(found.sides):
            return False
        _put_in_force(found, at)
        TargetRound.objects.filter(pk=pk).update(agreed_at=at)
        return True


def take_back(pk, *, why, by, at):
    """End a round that is not agreed: by whoever proposed it or may sign it, with a reason. Raises NotToSign."""
    with transaction.atomic(), connection.cursor() as cursor:
        take_lock(cursor, LOCK)
        _waiting(pk)
        _close(pk, why, by, at)


def open_to(user, found):
    """The sides for which this user may still sign a round."""
    if found.agreed_at or found.closed_at:
        return []
    signed = {one.track for one in found.signatures.all()}
    return [side for side in sides_of(user) if side in found.sides and side not in signed]


def sides_of(user):
    """The sides for which somebody signs: the own, and an administrator's for one that has nobody."""
    sides = [Side(track) for track in signs_for(user)]
    if user.is_active and (user.role == Role.FINANCE or (user.role == Role.ADMIN and not has_finance())):
        sides.append(Side.FINANCE)
    return sides


def has_finance():
    """Does anybody work in finance here?"""
    return User.objects.filter(is_active=True, role=Role.FINANCE).exists()


def _ask(found, first, rows, why, asked_by, by, at):
    """Have a round ask for Targets beside what it asks for already."""
    if found is not None and found.signatures.exists():
        raise NotToSign(
            _("Somebody has signed the round that waits: sign it or take it back, then propose the change.")
        )
    held = _held(rows)
    if found is None:
        rows = [row for row in rows if held.get(_cell(row)) != row.amount]
        if not rows:
            return None
        if not why:
            raise NotToSign(_("These targets are agreed: say why they are to change."))
        found = _open(first, why, asked_by, by, at)
    else:
        _add(found, why, asked_by, by)
    if _write(found, {_cell(row): row.amount for row in rows}, held, by):
        return found
    _close(found.pk, why or _("All of it is to be as it was agreed."), by, at)
    return None


def _add(found, why, asked_by, by):
    """Tell beside why a round was proposed why somebody asks for more, in whose name, and for whom."""
    if why and by.pk != found.proposed_by_id:
        why = f"{by.full_name}: {why}"
    for name, text, between in (("why", why, "\n"), ("asked_by", asked_by, "; ")):
        told = getattr(found, name)
        if text and f"{between}{text}{between}" not in f"{between}{told}{between}":
            setattr(found, name, f"{told}{between}{text}" if told else text)
    found.save(update_fields=["why", "asked_by"])


def _write(found, wished, held, by):
    """Have a round ask for the amounts `wished` of cells, of which `held` counts now. Returns whether it asks for anything then.

    One that would ask for nothing stays as it is, to tell what was proposed.
    """
    is_first = not TargetRound.objects.filter(first=found.first, agreed_at__isnull=False).exists()
    asked = RoundTarget.objects.filter(round=found)
    before = dict(_cells(asked.filter(month__in={month for month, *_where in wished}), "before"))
    wanted = {
        cell: amount
        for cell, amount in wished.items()
        if is_first or before.get(cell, held.get(cell)) != amount
    }
    if not wanted and asked.count() == len(before.keys() & wished.keys()):
        return False
    _forget(asked, wished)
    RoundTarget.objects.bulk_create(
        RoundTarget(round=found, before=before.get(cell, None if is_first else held.get(cell)), amount=amount, set_by=by,
                    **dict(zip(CELL, cell, strict=True)))
        for cell, amount in wanted.items()
    )  # fmt: skip
    return True


def _open(first, why, asked_by, by, at):
    number = TargetRound.objects.filter(first=first).aggregate(last=Max("number"))["last"] or 0
    return TargetRound.objects.create(
        first=first, number=number + 1, why=why, asked_by=asked_by, with_finance=has_finance(),
        proposed_by=by, proposed_at=at,
    )  # fmt: skip


def _waiting(pk):
    found = TargetRound.objects.filter(OPEN, pk=pk).first()
    if found is None:
        raise NotToSign(_("This round is agreed or was taken back."))
    return found


def _close(pk, why, by, at):
    TargetRound.objects.filter(pk=pk).update(closed_at=at, closed_by=by, closed_why=why[:MOST])


def _put_in_force(found, at):
    """What a round changes is set by whoever asked for it; what it leaves as it is stays set by whoever set it."""
    cells = list(found.cells.all())
    held = _held(cells)
    put(
        Target(amount=one.amount, set_by_id=one.set_by_id or found.proposed_by_id, set_at=at,
               **{name: getattr(one, name) for name in CELL})
        for one in cells
        if held.get(_cell(one)) != one.amount
    )  # fmt: skip


def _forget(found, cells):
    """Delete those of Targets or of a round's that stand in one of some cells."""
    known = found.filter(month__in={month for month, *_where in cells}).values_list("pk", *CELL)
    found.filter(pk__in=[pk for pk, *cell in known if tuple(cell) in cells]).delete()


def _held(rows):
    return dict(_cells(Target.objects.filter(month__in={row.month for row in rows}), "amount"))


def _cells(found, value):
    return [(tuple(row[name] for name in CELL), row[value]) for row in found.values(*CELL, value)]


def _cell(row):
    return tuple(getattr(row, name) for name in CELL)
