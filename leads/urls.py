"""Addresses of the leads floor."""

from django.urls import path

from leads.views import (
    briefing,
    deal,
    deals,
    desk,
    duplicates,
    first_run,
    handoffs,
    imports,
    lead,
    leads,
    leavers,
    links,
    merging,
    my_day,
    pool,
    public,
    quick,
    registers,
    search,
    webforms,
)

app_name = "leads"
DEALS = [
    path("deals/", deals.deal_list, name="deal-list"),
    path("deals/board/", deals.deal_board, name="deal-board"),
    path("deals/new/", deal.deal_open, name="deal-open"),
    path("deals/<int:pk>/", deal.deal, name="deal"),
    path("deals/<int:pk>/edit/", deal.deal_edit, name="deal-edit"),
    path("deals/<int:pk>/move/", deals.deal_move, name="deal-move"),
    path("deals/<int:pk>/win/", deal.deal_win, name="deal-win"),
    path("deals/<int:pk>/lose/", deal.deal_lose, name="deal-lose"),
    path("deals/<int:pk>/reopen/", deal.deal_reopen, name="deal-reopen"),
    path("deals/<int:pk>/lines/", deal.line_new, name="line-new"),
    path("deals/<int:pk>/lines/<int:line>/remove/", deal.line_remove, name="line-remove"),
    path("deals/<int:pk>/contacts/", deal.contact_new, name="deal-contact-new"),
    path("deals/<int:pk>/steps/", deal.deal_step_new, name="deal-step-new"),
    path("deals/<int:pk>/files/", deal.attachment_new, name="attachment-new"),
    path("deals/<int:pk>/files/<int:attachment>/", deal.attachment, name="attachment"),
]
LEADS = [
    path("leads/", leads.lead_list, name="lead-list"),
    path("leads/new/", leads.lead_new, name="lead-new"),
    path("leads/<int:pk>/", lead.lead, name="lead"),
    path("leads/<int:pk>/touches/", lead.log_touch, name="log-touch"),
    path("leads/<int:pk>/again/", lead.call_again, name="call-again"),
    path("leads/<int:pk>/notes/", lead.note_new, name="note-new"),
    path("leads/<int:pk>/steps/", lead.step_new, name="step-new"),
    path("leads/<int:pk>/offer/", handoffs.offer, name="offer"),
    path("leads/<int:pk>/complete/", desk.complete, name="complete"),
    path("leads/<int:pk>/qualify/", desk.qualify, name="qualify"),
    path("leads/<int:pk>/ready/", desk.ready, name="ready"),
    path("leads/<int:pk>/nurture/", desk.nurture, name="nurture"),
    path("leads/<int:pk>/disqualify/", desk.disqualify, name="disqualify"),
    path("leads/<int:pk>/claim/", pool.claim, name="claim"),
    path("handoffs/<int:pk>/accept/", handoffs.accept, name="accept"),
    path("handoffs/<int:pk>/return/", handoffs.give_back, name="return"),
    path("steps/<int:pk>/done/", lead.step_done, name="step-done"),
]
DAYS = [
    path("my-day/", my_day.my_day, name="my-day"),
    path("my-day/find/", my_day.find, name="find"),
    path("contacts/<int:pk>/briefing/", briefing.contact_briefing, name="briefing"),
    path("today/", my_day.today, name="today"),
    path("desk/", desk.desk, name="desk"),
    path("desk/many/", desk.many, name="desk-many"),
    path("pool/", pool.pool_list, name="pool"),
    path("search/", search.search, name="search"),
    path("people/<int:pk>/leave/", leavers.release_person, name="release-person"),
]
IMPORTS = [
    path("imports/", imports.import_list, name="import-list"),
    path("imports/new/", imports.import_new, name="import-new"),
    path("imports/templates/<slug:kind>.<slug:ending>", imports.import_template, name="import-template"),
    path("imports/<int:pk>/", imports.import_run, name="import"),
    path("imports/<int:pk>/answer/", imports.import_answer, name="import-answer"),
    path("imports/<int:pk>/columns/", imports.import_map, name="import-map"),
    path("imports/<int:pk>/start/", imports.import_start, name="import-start"),
    path("imports/<int:pk>/discard/", imports.import_discard, name="import-discard"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import-undo"),
    path("imports/<int:pk>/rejects/", imports.import_rejects, name="import-rejects"),
]
FIRST_RUN = [
    path("start/", first_run.start, name="first-run"),
    path("start/begin/", first_run.begin, name="first-run-begin"),
    path("start/shadow/", first_run.shadow, name="shadow"),
    path("start/<slug:name>/", first_run.step, name="first-run-step"),
]
FORMS = [
    path("quick-add/", quick.quick_choose, name="quick-choose"),
    path("campaigns/<int:campaign>/quick-add/", quick.quick_add, name="quick-add"),
    path("campaigns/<int:campaign>/forms/", webforms.campaign_forms, name="campaign-forms"),
    path("campaigns/<int:campaign>/forms/new/", webforms.form_new, name="form-new"),
    path("forms/<int:pk>/", webforms.form, name="form"),
    path("forms/<int:pk>/edit/", webforms.form_edit, name="form-edit"),
    path("forms/<int:pk>/qr.svg", webforms.form_qr, name="form-qr"),
    path("held/", webforms.quarantine, name="quarantine"),
    path("held/many/", webforms.quarantine_many, name="quarantine-many"),
    path("held/<int:pk>/release/", webforms.submission_release, name="submission-release"),
    path("campaigns/<int:campaign>/links/", links.campaign_links, name="campaign-links"),
    path("campaigns/<int:campaign>/links/new/", links.link_new, name="link-new"),
    path("links/<int:pk>/", links.link_edit, name="link-edit"),
    path("links/<int:pk>/copies/", links.link_copies, name="link-copies"),
    path("t/<slug:key>/", links.follow, name="follow"),
    path("f/<slug:key>/", public.form_public, name="form-public"),
    path("f/<slug:key>/embed/", public.form_embed, name="form-embed"),
    path("f/<slug:key>/thanks/", public.form_thanks, name="form-thanks"),
]
urlpatterns = [*DAYS, *LEADS, *DEALS, *IMPORTS, *FORMS]
urlpatterns += [
    path("contacts/<int:pk>/merge/", merging.contact_merge, name="contact-merge"),
    path("companies/<int:pk>/merge/", merging.company_merge, name="company-merge"),
    path("duplicates/", duplicates.duplicate_list, name="duplicates"),
    path("duplicates/many/", duplicates.duplicates_many, name="duplicates-many"),
    path("merges/", merging.merge_list, name="merge-list"),
    path("merges/<int:pk>/undo/", merging.merge_undo, name="merge-undo"),
]
SETUP = [*registers.QUESTIONS.urls(), *registers.RETURN_REASONS.urls(), *registers.MAPPINGS.urls()]
urlpatterns += [*SETUP, *FIRST_RUN]
