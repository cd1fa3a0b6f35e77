"""A few people who stand there twice: entered again by a colleague, by another mailbox or in another writing."""

from collections import Counter
from datetime import timedelta

from demo import tables

TWICE, BY_LINE = 9, 2  # so many; the first of them share a line of their own, so that no human is asked


def tell(story):
    """Add their second records, as companies' colleagues of their first ones. Names that occur once, so that they say something."""
    house, market, rng = story.house, story.market, story.rng
    often = Counter(row.full_name for row in house.rows.of[tables.Contact])
    people = [person for firms in market.firms for firm in firms for person in firm.people]
    known = [one for one in people if one.email and not one.student and often[one.name] == 1]
    for number, person in enumerate(rng.sample(known, min(TWICE, len(known)))):
        first = house.rows.of[tables.Contact][person.number - 1]
        at = max(first.created_at, house.now - timedelta(days=rng.uniform(2, 40)))
        again = house.rows.add(
            first._replace(full_name=_written(first, 0 if number < BY_LINE else number), created_at=at)
        )
        box = f"{person.email.partition('@')[0]}.{again}@post{1 + number % 9}.example"
        house.rows.add(tables.Identity(again, "email", box, box, at))
        if number < BY_LINE:
            line = market.world.territories[person.territory].landline.format(n=90 + number)
            for contact in (person.number, again):
                house.rows.add(tables.Identity(contact, "phone", line, line, at))


def _written(row, number):
    """The name as somebody else writes it: family name first, a letter left out, or just so."""
    if number % 3 == 0 or not row.full_name.isascii() or " " not in row.full_name:
        return row.full_name
    if number % 3 == 1:
        return f"{row.family_name}, {row.given_name}"
    cut = len(row.family_name) // 2
    return f"{row.given_name} {row.family_name[:cut]}{row.family_name[cut + 1 :]}"
