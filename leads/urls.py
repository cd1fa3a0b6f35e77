"""Addresses of the leads floor."""

from django.urls import path

from leads.views import deal, deals

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
urlpatterns = DEALS
