"""The grade that the scorecards in force propose for a lead, as an expression of a statement that changes leads."""

from leads import grading
from leads.models import LeadScore

PROPOSED = "(SELECT score.proposed FROM ({scores}) AS score WHERE score.lead_id = l.id)"


def expression(at):
    """(SQL, its parameters) of the grade proposed at a moment for the lead `l`; null while it was not scored."""
    scales = grading.in_force(at)
    scores = LeadScore.objects.filter(scales.deciding(""), scored_at__isnull=False)
    graded = scores.annotate(proposed=scales.grade("")).values("lead_id", "proposed")
    text, bound = graded.query.sql_with_params()
    return PROPOSED.format(scores=text), bound
