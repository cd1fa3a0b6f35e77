"""The columns of the lists behind the ledger, and how their rows are told; part of `reports.columns`."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.models.touches import TouchKind
from pipeline.channels import Channel
from pipeline.models import CampaignStatus
from reports.growth.showing import TONES
from reports.models import GrowthState
from ui.tables import Column

ABOUT = Column("name", gettext_lazy("About"), href="href", note="company")
WHO = Column("person_name", gettext_lazy("Person"), kind="person")
WHEN = Column("when", gettext_lazy("When"), "moment")
SAID = [ABOUT, WHO, Column("said", gettext_lazy("What")), WHEN]
COUNSEL = {"company_id": "pipeline:company", "deal_id": "leads:deal", "lead_id": "leads:lead"}
COLUMNS = {
    "touch": [ABOUT, Column("kind", gettext_lazy("Kind")), WHO, Column("said", gettext_lazy("Note")), WHEN],
    **dict.fromkeys(("note", "done", "advice", "reply", "counsel", "lesson"), SAID),
    "growth": [ABOUT, Column("state", gettext_lazy("State"), "pill"), WHO, WHEN],
    "desk": [
        Column("name", gettext_lazy("Lead"), href="href", note="company"),
        Column("grade", gettext_lazy("Grade"), "grade"),
        Column("asked_at", gettext_lazy("Asked"), "moment"),
        Column("due_at", gettext_lazy("Answer due"), "moment"),
        Column("answered_at", gettext_lazy("Answered"), "moment"),
        Column("ended_at", gettext_lazy("Ended"), "moment"),
        Column("kept", gettext_lazy("In time"), "pill"),
    ],
    "campaign": [
        Column("name", gettext_lazy("Campaign"), href="href", note="channel"),
        Column("status", gettext_lazy("State")),
        Column("owner_name", gettext_lazy("Owner"), kind="person"),
        Column("starts_on", gettext_lazy("First day"), "day"),
        Column("ends_on", gettext_lazy("Last day"), "day"),
    ],
}


def _contact(row):
    row.update(href=reverse("pipeline:contact", args=[row["contact_id"]]), name=row["name"] or _("Nameless"))


def _touch(row):
    _contact(row)
    row.update(when=row["at"], kind=TouchKind(row["kind"]).label)


def _note(row):
    _contact(row)
    row.update(when=row["at"])


def _done(row):
    pages = {"deal_id": "leads:deal", "contact_id": "pipeline:contact", "company_id": "pipeline:company"}
    page, key = next((page, row[name]) for name, page in pages.items() if row[name])
    row.update(
        company=row["firm"],
        when=row["done_at"],
        href=reverse(page, args=[key]),
        name=row["name"] or _("Nameless"),
    )


def _advice(row):
    said = row["text"] or (_("Agrees") if row["agrees"] else "")
    row.update(when=row["answered_at"], said=said, href=reverse("pipeline:campaign", args=[row["campaign"]]))


def _reply(row):
    answer = _("Adopted") if row["adopted"] else _("Declined")
    row.update(
        when=row["replied_at"],
        said=f"{answer}: {row['reply']}",
        href=reverse("pipeline:campaign", args=[row["campaign"]]),
    )


def _counsel(row):
    about = next(one for one in COUNSEL if row[one])
    row.update(when=row["given_at"], href=reverse(COUNSEL[about], args=[row[about]]), company=row["firm"])
    row["name"] = row["name"] or _("Nameless")


def _desk(row):
    row.update(
        href=reverse("leads:lead", args=[row["lead"]]),
        name=row["name"] or _("Nameless"),
        tone="ok" if row["kept"] else "bad",
        kept=str(_("yes") if row["kept"] else _("no")),
    )


def _growth(row):
    state = row["state"]
    row.update(
        when=row["created_at"],
        tone=TONES[state],
        state=GrowthState(state).label,
        href=reverse("reports:growth-one", args=[row["id"]]),
    )


def _lesson(row):
    page = "reports:growth-one" if row["growth"] else "reports:shift"
    row.update(when=row["at"], href=reverse(page, args=[row["growth"] or row["shift"]]))


def _campaign(row):
    row.update(
        href=reverse("pipeline:campaign", args=[row["id"]]),
        channel=str(Channel(row["channel"]).label),
        status=CampaignStatus(row["status"]).label,
    )


SHOWN = {
    "touch": _touch,
    "note": _note,
    "done": _done,
    "advice": _advice,
    "reply": _reply,
    "counsel": _counsel,
    "desk": _desk,
    "growth": _growth,
    "lesson": _lesson,
    "campaign": _campaign,
}
