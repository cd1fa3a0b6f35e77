"""What both teams have promised, said, closed and decided by today: told when all is counted, so that it fits the figures."""

from demo.standing import (
    agreeing,
    arguing,
    audiences,
    books,
    commission,
    consulting,
    counselling,
    dealers,
    disputing,
    forecasts,
    growing,
    indexing,
    key_accounts,
    lots,
    obstacles,
    promises,
    receiving,
    replanning,
    retaining,
    routing,
    serving,
    shifts,
    speaking,
    stories,
    units,
)
from demo.standing.desk import Desk
from reports import rollups


def stand(house, demo, keys, at, beside=False):
    """All of it; `beside` real data nothing is promised, forecast or closed, because that would be for the whole house.

    `keys` are those of people by code and of campaigns in their order (see `demo.loading`).
    """
    desk = Desk(house, demo, keys, at)
    if not beside:
        promises.tell(desk)
        forecasts.tell(desk)
        agreeing.tell(desk)
        receiving.tell(desk)
        routing.tell(desk)
        dealers.tell(desk)
        key_accounts.tell(desk)
    consulting.tell(desk)
    counselling.tell(desk)
    obstacles.tell(desk)
    stories.tell(desk)
    serving.tell(desk)
    arguing.tell(desk)
    disputing.tell(desk)
    lots.tell(desk)
    shifts.tell(desk)
    growing.tell(desk)
    replanning.tell(desk)
    retaining.tell(desk)
    speaking.tell(desk)
    units.tell(desk)
    audiences.tell(desk)
    if not beside:
        books.tell(desk)
        commission.tell(desk)
        indexing.tell(desk)
    desk.remember()
    rollups.roll_all()
