"""The closed loop as people walk it in the browser: each function is one person's part, on plain pages."""

import io
import re
from datetime import date, timedelta

from openpyxl import Workbook

CAMPAIGN, LEAD, DEAL, IMPORT = (
    re.compile(rf".*/{name}/\d+/$") for name in ("campaigns", "leads", "deals", "imports")
)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def plans_a_campaign(page, name):
    """The marketer plans a campaign and logs what it cost. Returns its address."""
    page.goto("/campaigns/new/")
    page.fill("[name=name]", name)
    page.select_option("[name=channel]", "exhibition")
    page.fill("[name=budget]", "12000")
    page.fill("[name=expected_leads]", "40")
    page.fill("[name=starts_on]", str(date.today() - timedelta(days=5)))
    page.click("main form button.primary")
    page.wait_for_url(CAMPAIGN)
    address = page.url
    form = page.locator("form[action$='/spend/']")
    if not form.is_visible():
        page.locator("details:has(form[action$='/spend/']) > summary").click()
    form.locator("[name=kind]").select_option("paid")
    form.locator("[name=amount]").fill("1000")
    form.locator("[name=month]").fill(str(date.today())[:7])
    form.locator("[name=on]").fill(str(date.today()))
    form.locator("button.primary, button").first.click()
    page.wait_for_load_state()
    return address


def takes_in_a_lead(page, who, campaign):
    """The marketer takes in somebody who asked for a quote at the booth of `campaign` (its address)."""
    page.goto("/leads/new/")
    page.fill("[name=full_name]", who)
    page.fill("[name=company]", "Nordlicht Energie GmbH")
    page.fill("[name=email]", f"{who.split()[0].lower()}@nordlicht.example")
    page.fill("[name=job_title]", "Head of plant")
    page.select_option("[name=channel]", "exhibition")
    page.select_option("[name=campaign]", campaign.rstrip("/").rsplit("/", 1)[1])
    page.select_option("[name=kind]", "quote_request")
    page.click("main form button.primary")
    page.wait_for_url(LEAD)
    return page.url


def sheet_of_a_fair(rows, campaign):
    """A workbook as the stand filled it in: a title, an empty row, then names of columns of their own."""
    book = Workbook()
    book.active.append(["Stand 12, all visitors"])
    book.active.append([])
    book.active.append(["Name", "Company", "E-mail", "Mobile", "Position", "Campaign", "What they wanted"])
    for who, company, email, mobile, position in rows:
        book.active.append([who, company, email, mobile, position, campaign, "quote_request"])
    file = io.BytesIO()
    book.save(file)
    return {"name": "fair.xlsx", "mimeType": WORKBOOK, "buffer": file.getvalue()}


def brings_a_sheet(page, sheet, work):
    """The marketer uploads a workbook, says by a click what its last column is, looks ahead and starts it.

    `work` is what the workers do meanwhile. Returns the address of the import.
    """
    page.goto("/imports/new/?kind=leads")
    page.set_input_files("[name=file]", sheet)
    page.select_option("[name=mode]", "live")
    page.click("main form button.primary")
    page.wait_for_load_state()
    page.locator("tr", has_text="What they wanted").locator("select").select_option("touch_kind")
    page.click("main form button.primary")
    page.wait_for_url(IMPORT)
    work()
    page.locator("main form[action$='/start/'] button").click()  # the page asks by itself how far it is
    page.wait_for_url(IMPORT)
    work()
    page.locator("main form[action$='/undo/'] button").wait_for()
    return page.url


def makes_it_ready(page, lead):
    """The desk answers the agreed questions and hands the lead over."""
    page.goto(f"{lead}complete/")
    for question in page.locator("[name^=question], [name^=answer]").all():
        question.fill("Two lines by spring")
    page.click("button[name=ready]")
    page.wait_for_load_state()


def accepts(page):
    """The rep accepts the offer on My day."""
    page.goto("/my-day/")
    page.locator(".work form button.primary").first.click()
    page.wait_for_load_state()


def calls(page, lead):
    """The rep logs a call that reached somebody."""
    page.goto(lead)
    page.select_option("#log [name=kind]", "call")
    page.locator("#log button.primary").click()
    page.wait_for_load_state()


def opens_a_deal(page, lead, amount):
    """The rep opens a deal after the talk. Returns its address."""
    page.goto(f"/deals/new/?lead={lead.rstrip('/').rsplit('/', 1)[1]}")
    page.fill("[name=name]", "Turbine control")
    page.fill("[name=amount]", amount)
    page.fill("[name=expected_close]", str(date.today() + timedelta(days=40)))
    page.fill("[name=next_step]", "Send the offer")
    page.fill("[name=next_step_due]", f"{date.today() + timedelta(days=2)}T09:00")
    page.click("main form button.primary")
    page.wait_for_url(DEAL)
    return page.url


def wins(page, deal):
    """The rep wins it, with a reason."""
    page.goto(f"{deal}win/")
    page.select_option("[name=reason]", index=1)
    page.click("main form button.primary")
    page.wait_for_url(deal)
