"""What search offers beside records, and the page of set-up: data, like the menu."""

from django.utils.translation import gettext_lazy as _

# What search offers beside records: pages, and things to do. Shown to whoever has the permission (none: to everybody).
PLACES = [
    {"label": _("New lead"), "url": "leads:lead-new", "icon": "user-plus", "permission": "leads.add_lead"},
    {"label": _("New deal"), "url": "leads:deal-open", "icon": "handshake", "permission": "pipeline.add_deal"},
    {"label": _("New company"), "url": "pipeline:company-new", "icon": "building-2", "permission": "pipeline.add_company"},
    {"label": _("New campaign"), "url": "pipeline:campaign-new", "icon": "megaphone", "permission": "pipeline.add_campaign"},
    {"label": _("Import a file"), "url": "leads:import-new", "icon": "upload", "permission": "leads.run_import"},
    {"label": _("Invite a person"), "url": "accounts:person-new", "icon": "user-plus", "permission": "accounts.manage_people"},
    {"label": _("My day"), "url": "leads:my-day", "icon": "sun", "permission": "leads.claim_lead"},
    {"label": _("Today"), "url": "leads:today", "icon": "sun", "permission": "leads.qualify_lead"},
    {"label": _("Lead desk"), "url": "leads:desk", "icon": "inbox", "permission": "leads.qualify_lead"},
    {"label": _("Leads"), "url": "leads:lead-list", "icon": "users", "permission": "leads.view_lead"},
    {"label": _("Pool"), "url": "leads:pool", "icon": "waves-horizontal", "permission": "leads.claim_lead"},
    {"label": _("Deals"), "url": "leads:deal-list", "icon": "list", "permission": "pipeline.view_deal"},
    {"label": _("Board of deals"), "url": "leads:deal-board", "icon": "kanban", "permission": "pipeline.view_deal"},
    {"label": _("Companies"), "url": "pipeline:company-list", "icon": "building-2", "permission": "pipeline.view_company"},
    {"label": _("Campaigns"), "url": "pipeline:campaign-list", "icon": "megaphone", "permission": "pipeline.view_campaign"},
    {"label": _("Products and prices"), "url": "pipeline:product-list", "icon": "package", "permission": "pipeline.view_product"},
    {"label": _("Imports"), "url": "leads:import-list", "icon": "upload", "permission": "leads.view_import"},
    {"label": _("Dashboard"), "url": "reports:dashboard", "icon": "layout-dashboard", "permission": "reports.view_report"},
    {"label": _("Exceptions"), "url": "reports:exceptions", "icon": "triangle-alert", "permission": "leads.view_handoff"},
    {"label": _("Return of campaigns"), "url": "reports:campaigns", "icon": "chart-column", "permission": "reports.view_money"},
    {"label": _("Agreement"), "url": "leads:agreement", "icon": "handshake", "permission": "leads.view_agreement"},
    {"label": _("Teams"), "url": "accounts:team-list", "icon": "users-round", "permission": "accounts.view_team"},
    {"label": _("People"), "url": "accounts:people", "icon": "users", "permission": "accounts.view_user"},
    {"label": _("Set-up"), "url": "accounts:setup", "icon": "settings", "permission": "accounts.view_setup"},
    {"label": _("Organisation"), "url": "accounts:organisation", "icon": "building", "permission": "accounts.change_organisation"},
    {"label": _("First run"), "url": "leads:first-run", "icon": "rocket", "permission": "accounts.change_organisation"},
    {"label": _("Shadow week: what would have happened"), "url": "leads:shadow", "icon": "ghost", "permission": "leads.offer_lead"},
    {"label": _("Deal stages"), "url": "pipeline:stages", "icon": "kanban", "permission": "pipeline.manage_stages"},
    {"label": _("Agreed questions"), "url": "leads:questions", "icon": "message-circle-question-mark", "permission": "leads.change_words"},
    {"label": _("Return reasons"), "url": "leads:return-reasons", "icon": "undo-2", "permission": "leads.change_words"},
    {"label": _("Where a lead goes"), "url": "leads:handover", "icon": "signpost", "permission": "leads.change_words"},
    {"label": _("Exchange rates"), "url": "pipeline:rates", "icon": "arrow-right-left", "permission": "pipeline.change_rate"},
    {"label": _("Outbox"), "url": "engine:outbox", "icon": "mail", "permission": "engine.view_delivery"},
    {"label": _("Your account"), "url": "accounts:profile", "icon": "user-round"},
    {"label": _("Access tokens"), "url": "accounts:profile", "icon": "key-round"},
    {"label": _("The API's pages"), "url": "api:docs", "icon": "book-open"},
]  # fmt: skip
# The page of set-up: everything that can be arranged without a line of code, each with a sentence.
SETUP = [
    (_("Who works here"), [
        {"label": _("People"), "url": "accounts:people", "icon": "users", "permission": "accounts.manage_people", "sentence": _("Invite people, give them a role, let them go and hand over their book.")},
        {"label": _("Teams and heads"), "url": "accounts:team-list", "icon": "users-round", "permission": "accounts.change_team", "sentence": _("Who works with whom, who leads a team, and by which calendar.")},
        {"label": _("Working calendars"), "url": "accounts:team-list", "icon": "calendar-days", "permission": "accounts.change_calendar", "sentence": _("Working hours, holidays and moved working days: the clocks run by them.")},
        {"label": _("Access tokens"), "url": "accounts:profile", "icon": "key-round", "permission": "accounts.issue_apitoken", "sentence": _("What programs use to speak to Tandem, each within its scopes.")},
    ]),
    (_("What we sell"), [
        {"label": _("Products and prices"), "url": "pipeline:product-list", "icon": "package", "permission": "pipeline.change_product", "sentence": _("List prices, floors and what a unit costs from which day.")},
        {"label": _("Exchange rates"), "url": "pipeline:rates", "icon": "arrow-right-left", "permission": "pipeline.change_rate", "sentence": _("What other currencies are worth in yours, by day.")},
        {"label": _("Deal stages"), "url": "pipeline:stages", "icon": "kanban", "permission": "pipeline.manage_stages", "sentence": _("The columns of the board: order, probability, forecast, archive.")},
        {"label": _("Reasons of won and lost deals"), "url": "pipeline:outcome-reasons", "icon": "flag", "permission": "pipeline.manage_stages", "sentence": _("What people choose from when a deal ends.")},
    ]),
    (_("How marketing and sales work together"), [
        {"label": _("Agreement"), "url": "leads:agreement", "icon": "handshake", "permission": "leads.view_agreement", "sentence": _("What a good lead is and how fast sales answers, signed by both heads.")},
        {"label": _("Agreed questions"), "url": "leads:questions", "icon": "message-circle-question-mark", "permission": "leads.change_words", "sentence": _("What the desk asks before a lead is offered.")},
        {"label": _("Return reasons"), "url": "leads:return-reasons", "icon": "undo-2", "permission": "leads.change_words", "sentence": _("Why a rep may return a lead, and where each reason sends it.")},
        {"label": _("Where a lead goes"), "url": "leads:handover", "icon": "signpost", "permission": "leads.change_words", "sentence": _("Which way it takes after each event: the next rep, the team lead, the pool, the desk, sleep.")},
        {"label": _("Own fields"), "url": "pipeline:fields", "icon": "text-cursor-input", "permission": "pipeline.manage_fields", "sentence": _("Fields of your own on leads, companies and deals.")},
    ]),
    (_("Data and machines"), [
        {"label": _("Organisation"), "url": "accounts:organisation", "icon": "building", "permission": "accounts.change_organisation", "sentence": _("Name, currency, time zone, fiscal year, segments, regions, level.")},
        {"label": _("First run"), "url": "leads:first-run", "icon": "rocket", "permission": "accounts.change_organisation", "sentence": _("The seven steps of setting up, again; the demo; the shadow week.")},
        {"label": _("Imports"), "url": "leads:import-list", "icon": "upload", "permission": "leads.run_import", "sentence": _("Bring Excel and CSV files, and take an import back for seven days.")},
        {"label": _("Mappings of imports"), "url": "leads:mappings", "icon": "table-2", "permission": "leads.change_words", "sentence": _("Which column of which file goes where.")},
        {"label": _("Outbox"), "url": "engine:outbox", "icon": "mail", "permission": "engine.view_delivery", "sentence": _("What was sent, what waits and what could not be sent.")},
        {"label": _("The API's pages"), "url": "api:docs", "icon": "book-open", "permission": "accounts.view_setup", "sentence": _("Everything a page can do, for programs.")},
        {"label": _("The back door"), "url": "admin:index", "icon": "wrench", "permission": "accounts.change_organisation", "sentence": _("All records as they are stored; journals can only be read.")},
    ]),
]  # fmt: skip
