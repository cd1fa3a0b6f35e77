"""What points at the rows that an import makes, and what becomes of it when the import is taken back.

A test holds this table against the foreign keys of all models.
"""

TABLES = {
    "lead": "leads_lead",
    "handoff": "leads_handoff",
    "contact": "pipeline_contact",
    "deal": "pipeline_deal",
    "receipt": "pipeline_receipt",
    "touch": "leads_touch",
    "spend": "pipeline_spend",
    "campaign": "pipeline_campaign",
    "product": "pipeline_product",
    "company": "pipeline_company",
    "identity": "pipeline_identity",
    "unit": "pipeline_unit",
    "reading": "pipeline_reading",
}

GO, FREE = "go", "free"

# "table.column": (when such a row `o` shows that somebody worked with the row it points at, what becomes of it otherwise:
# it goes too, lets go of the row, or, None, is left to its owner: history, and what the rollups derive anew)
KEEPS, GOES, FREED, LEFT = ("true", None), ("false", GO), ("false", FREE), ("false", None)
SINCE = ("o.created_at > %(since)s", GO)
ANSWERED = "o.outcome <> ''"
BY_SOMEBODY = "EXISTS (SELECT 1 FROM pghistory_context x WHERE x.id = o.pgh_context_id AND x.metadata->>'user' IS NOT NULL)"
NOT_OF_THE_RUN = """NOT EXISTS (SELECT 1 FROM leads_importedrow r WHERE r.run_id = %(run)s AND r."table" = '{name}'
  AND r.row_id = o.id AND r.before IS NULL)"""
# what a rep does with a lead in hand, and what ends it; a handoff that somebody else opened shows work anyway
USED = "{0}.ended_at IS NOT NULL OR {0}.contacted_at IS NOT NULL OR {0}.extended > 0"
HELD = f"{NOT_OF_THE_RUN.format(name='handoff')} OR {USED.format('o')}"
MOVED = (
    """o.actor_id IS NOT NULL OR (o.inferred IS FALSE AND o.created_at > %(since)s AND o.to_stage <> 'mql')"""
)

TIES: dict[str, dict[str, tuple[str, str | None]]] = {
    "lead": {
        "leads_case.lead_id": KEEPS,
        "leads_counsel.lead_id": KEEPS,
        "leads_obstacle.lead_id": KEEPS,
        "leads_deskpromise.lead_id": GOES,
        "leads_handoff.lead_id": (HELD, GO),
        "leads_leadevent.pgh_obj_id": (BY_SOMEBODY, None),
        "leads_lead.merged_into_id": KEEPS,
        "leads_submission.lead_id": KEEPS,
        "leads_suggestion.lead_id": KEEPS,
        "leads_stagechange.lead_id": (MOVED, GO),
        "leads_moment.lead_id": (ANSWERED, FREE),
        "leads_leadscore.lead_id": GOES,
        "leads_leadchance.lead_id": GOES,
        "reports_countedpass.lead_id": LEFT,
    },
    "handoff": {
        "leads_case.handoff_id": KEEPS,
        "leads_dispute.handoff_id": KEEPS,
        "leads_tap.handoff_id": GOES,
        "reports_countedoffer.handoff_id": LEFT,
        "reports_countedpromise.handoff_id": LEFT,
    },
    "contact": {
        "leads_lead.contact_id": KEEPS,
        "leads_note.contact_id": KEEPS,
        "leads_personallink.contact_id": KEEPS,
        "leads_audiencemember.contact_id": KEEPS,
        "leads_moment.contact_id": (ANSWERED, GO),
        "leads_touch.contact_id": SINCE,
        "pipeline_attachment.contact_id": KEEPS,
        "pipeline_consentevent.contact_id": SINCE,
        "pipeline_contact.merged_into_id": KEEPS,
        "pipeline_contactevent.pgh_obj_id": (BY_SOMEBODY, None),
        "pipeline_dealcontact.contact_id": KEEPS,
        "pipeline_identity.contact_id": SINCE,
        "pipeline_step.contact_id": KEEPS,
    },
    "deal": {
        "leads_case.deal_id": KEEPS,
        "leads_counsel.deal_id": KEEPS,
        "leads_obstacle.deal_id": KEEPS,
        "leads_winstory.deal_id": KEEPS,
        "leads_lead.deal_id": FREED,
        "pipeline_attachment.deal_id": KEEPS,
        "pipeline_dealchange.deal_id": ("o.actor_id IS NOT NULL", GO),
        "pipeline_dealcontact.deal_id": GOES,
        "pipeline_dealevent.pgh_obj_id": LEFT,
        "pipeline_dealline.deal_id": KEEPS,
        "pipeline_deal.renews_id": KEEPS,
        "pipeline_deal.cancels_id": KEEPS,
        "pipeline_receipt.deal_id": (NOT_OF_THE_RUN.format(name="receipt"), GO),
        "pipeline_receiptevent.deal_id": LEFT,
        "pipeline_step.deal_id": KEEPS,
        "pipeline_unit.deal_id": FREED,
        "pipeline_unitevent.deal_id": LEFT,
        "leads_usagesign.deal_id": KEEPS,
        "reports_counteddeal.deal_id": LEFT,
        "reports_countedreceipt.deal_id": LEFT,
        "reports_credit.deal_id": LEFT,
    },
    "receipt": {"pipeline_receiptevent.pgh_obj_id": LEFT, "reports_countedreceipt.receipt_id": LEFT},
    "touch": {
        "leads_complaintanswer.touch_id": KEEPS,
        "leads_moment.touch_id": (ANSWERED, GO),
        "leads_tap.touch_id": GOES,
        "reports_credit.touch_id": LEFT,
    },
    "identity": {},
    "unit": {
        "pipeline_reading.unit_id": (NOT_OF_THE_RUN.format(name="reading"), GO),
        "leads_usagesign.unit_id": (f"{ANSWERED} OR o.deal_id IS NOT NULL", GO),
        "pipeline_unitevent.pgh_obj_id": (BY_SOMEBODY, None),
    },
    "reading": {},
    "spend": {"pipeline_spendevent.pgh_obj_id": LEFT},
    "campaign": {
        "leads_audience.campaign_id": KEEPS,
        "leads_inclusion.campaign_id": KEEPS,
        "leads_lead.campaign_id": KEEPS,
        "leads_touch.campaign_id": KEEPS,
        "leads_trackinglink.campaign_id": KEEPS,
        "leads_webform.campaign_id": KEEPS,
        "pipeline_campaign.parent_id": (NOT_OF_THE_RUN.format(name="campaign"), FREE),
        "pipeline_consultation.campaign_id": KEEPS,
        "pipeline_campaignevent.parent_id": LEFT,
        "pipeline_campaignevent.pgh_obj_id": LEFT,
        "pipeline_salescost.campaign_id": KEEPS,
        "pipeline_salescostevent.campaign_id": LEFT,
        "pipeline_spend.campaign_id": KEEPS,
        "pipeline_spendevent.campaign_id": LEFT,
        "reports_credit.campaign_id": LEFT,
        "reports_growth.campaign_id": KEEPS,
        "reports_keepgoal.campaign_id": KEEPS,
        "reports_launchplan.campaign_id": LEFT,
        "reports_planremark.campaign_id": KEEPS,
        "reports_growthevent.campaign_id": LEFT,
    },
    "product": {
        "leads_assignmentrule.product_id": KEEPS,
        "leads_lead.product_id": KEEPS,
        "leads_leadevent.product_id": LEFT,
        "pipeline_campaign.product_id": KEEPS,
        "pipeline_campaignevent.product_id": LEFT,
        "pipeline_deal.product_id": KEEPS,
        "pipeline_dealevent.product_id": LEFT,
        "pipeline_dealline.product_id": KEEPS,
        "pipeline_dealregistration.product_id": KEEPS,
        "pipeline_dealregistrationevent.product_id": LEFT,
        "pipeline_productcost.product_id": GOES,
        "pipeline_productevent.pgh_obj_id": LEFT,
        "pipeline_statement.product_id": KEEPS,
        "pipeline_unit.product_id": KEEPS,
        "leads_usagerule.product_id": KEEPS,
        "reports_growth.product_id": KEEPS,
        "reports_growthevent.product_id": LEFT,
    },
    "company": {
        "leads_case.company_id": KEEPS,
        "leads_counsel.company_id": KEEPS,
        "leads_tap.company_id": GOES,
        "pipeline_accountperson.company_id": KEEPS,
        "pipeline_attachment.company_id": KEEPS,
        "pipeline_company.merged_into_id": KEEPS,
        "pipeline_company.parent_id": (NOT_OF_THE_RUN.format(name="company"), FREE),
        "pipeline_companyevent.parent_id": LEFT,
        "pipeline_companyevent.pgh_obj_id": LEFT,
        "pipeline_contact.company_id": KEEPS,
        "pipeline_contactevent.company_id": LEFT,
        "pipeline_deal.company_id": KEEPS,
        "pipeline_deal.partner_id": KEEPS,
        "pipeline_dealregistration.customer_id": KEEPS,
        "pipeline_dealregistration.dealer_id": KEEPS,
        "pipeline_dealregistrationevent.customer_id": LEFT,
        "pipeline_dealregistrationevent.dealer_id": LEFT,
        "pipeline_dealevent.company_id": LEFT,
        "pipeline_dealevent.partner_id": LEFT,
        "pipeline_step.company_id": KEEPS,
        "pipeline_unit.company_id": KEEPS,
        "pipeline_unitevent.company_id": LEFT,
        "reports_countedcustomer.company_id": LEFT,
    },
}
# A person is kept by these alone; the others say whether the contact can go without its lead.
NOT_OF_THE_PERSON = {"leads_lead.contact_id", "pipeline_dealcontact.contact_id"}
CHANGED = "t.updated_at > %(since)s"
MERGED = """{id} IN (SELECT survivor_id FROM leads_merge WHERE kind = '{kind}'
  UNION ALL SELECT gone_id FROM leads_merge WHERE kind = '{kind}')"""


def _shown(name, column="t.id", without=()):
    """SQL: a row that points at the row of `column` shows work."""
    for tie, (shows, _fate) in TIES[name].items():
        if shows != "false" and tie not in without:
            table, key = tie.split(".")
            yield f"EXISTS (SELECT 1 FROM {table} o WHERE o.{key} = {column} AND ({shows}))"


# What shows that somebody worked with a row since: SQL over the row `t`, the time %(since)s at which the run %(run)s ended.
# A lead that came with its person (%(whole)s) is kept by whatever was done with that one.
WORKED = {
    "lead": [
        *_shown("lead"),
        "EXISTS (SELECT 1 FROM leads_touch o WHERE o.contact_id = t.contact_id AND o.created_at > %(since)s)",
        "EXISTS (SELECT 1 FROM leads_note o WHERE o.contact_id = t.contact_id AND o.created_at > %(since)s)",
        "EXISTS (SELECT 1 FROM pipeline_step o WHERE o.contact_id = t.contact_id)",
        "t.deal_id IS NOT NULL OR t.answers <> '{}' OR t.grade <> '' OR t.pooled_at IS NOT NULL",
        f"""(t.id = ANY(%(whole)s::bigint[]) AND
        ({" OR ".join([*_shown("contact", "t.contact_id", NOT_OF_THE_PERSON), MERGED.format(id="t.contact_id", kind="contact")])}))""",
    ],
    # of a lead that the run brought or moved, and that stays so, the rep stays, too
    "handoff": [
        *_shown("handoff"),
        USED.format("t"),
        """EXISTS (SELECT 1 FROM leads_importedrow r WHERE r.run_id = %(run)s AND r.row_id = t.lead_id
           AND (r."table" = 'steps' OR r."table" IN ('lead', 'person') AND r.before IS NULL))""",
    ],
    "contact": [*_shown("contact"), MERGED.format(id="t.id", kind="contact")],
    "deal": [*_shown("deal")],
    "touch": [
        *_shown("touch"),
        """EXISTS (SELECT 1 FROM leads_lead l JOIN leads_importedrow r ON r.run_id = %(run)s AND r."table" IN ('lead', 'person', 'raised')
           AND (r.before IS NULL OR r."table" = 'raised') AND r.row_id = l.id WHERE l.contact_id = t.contact_id)""",
    ],
    "identity": ["false"],
    "receipt": [CHANGED],
    "spend": [CHANGED],
    "campaign": [*_shown("campaign"), CHANGED],
    "product": [*_shown("product"), CHANGED],
    "unit": [*_shown("unit"), CHANGED],
    "reading": ["false"],
    "company": [*_shown("company"), CHANGED, MERGED.format(id="t.id", kind="company")],
}


def worked(name):
    """SQL, true for a row `t` of that name that people worked with since."""
    return " OR ".join(WORKED[name])
