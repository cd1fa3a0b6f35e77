"""Learn the probability of a win from the organisation's closed leads."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from leads.learning import chances
from leads.learning.evaluation import Card
from leads.learning.kinds import LeftOut
from leads.management.commands.evaluate import insist_on, lines, write_card


class Command(BaseCommand):
    """`manage.py train [--report FILE]`."""

    help = (
        "Learns from closed leads, as they stood when they were captured, which ones are won; judged on the newest 30 %. "
        "The model is shown on leads only where it is better than chance."
    )

    def add_arguments(self, parser):
        parser.add_argument("--report", type=Path, metavar="FILE", help="write the model card as JSON")

    def handle(self, *, report, **options):
        if report:
            insist_on(report)
        try:
            model = chances.train()
        except ValueError as error:
            raise CommandError(str(error)) from None
        card = Card(**{**model.card, "left_out": [LeftOut(**one) for one in model.card["left_out"]]})
        if report:
            write_card(card, report)
        judged = 0
        while done := chances.judge_due():
            judged += done
        for line in lines(card):
            self.stdout.write(line)
        self.stdout.write(f"Model {model.pk}; running leads judged: {judged}.")
