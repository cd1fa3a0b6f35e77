"""Saved views: columns to choose, everything in the address, shared with the team, one that opens first."""

import pytest

from accounts.models import SavedView
from tests import cast as make
from tests.pages import queries

LISTS = {"leads": "/leads/", "deals": "/deals/", "campaigns": "/campaigns/", "companies": "/companies/"}


@pytest.fixture
def rep(client, cast):
    client.force_login(cast.rep)
    return client


def save(client, page="leads", name="Hot", **more):
    return client.post(f"/views/{page}/save/", {"name": name, **more})


@pytest.mark.parametrize("page", LISTS)
def test_columns_are_chosen_in_the_address_on_every_list(client, cast, page):
    make.lead(owner=cast.rep)
    make.deal(owner=cast.rep)
    make.campaign()
    make.company()
    client.force_login(cast.admin)
    path = LISTS[page]
    whole = client.get(path)
    every = [name for name, _label, _shown in whole.context["views"].choices]
    hidden = [name for name, _label, shown in whole.context["views"].choices if not shown]
    assert hidden
    assert len(whole.context["table"].rows) >= 1
    narrow = client.get(path, {"columns": every[-1]}).context["table"]
    assert [column.name for column in narrow.columns][1:] == [every[-1]]
    answer = client.get(path, {"columns": every})
    assert [column.name for column in answer.context["table"].columns][1:] == every
    assert client.get(path, {"columns": "password"}).status_code == 400
    assert queries(client, f"{path}?columns={','.join(every)}") <= 14


def test_a_view_is_saved_opened_changed_and_forgotten(rep, cast):
    answer = save(rep, query="stage=mql&cursor=x&view=9&columns=stage&q=", columns="stage,segment__name")
    view = SavedView.objects.get()
    assert (view.query, view.columns, view.team) == ("stage=mql", ["stage", "segment__name"], None)
    assert answer.url == f"/leads/?stage=mql&columns=stage%2Csegment__name&view={view.pk}"
    opened = rep.get(answer.url)
    assert opened.context["views"].current == view
    assert [column.name for column in opened.context["table"].columns] == ["name", "stage", "segment__name"]
    page = opened.content.decode()
    assert (
        '<input type="hidden" name="columns" value="stage,segment__name">' in page
    )  # filters keep the columns
    assert f'name="replaces" value="{view.pk}"' in page, "the open view is changed without a question"
    save(rep, query="stage=sql", replaces=view.pk)
    assert SavedView.objects.get().query == "stage=sql"
    rep.post(f"/views/{view.pk}/forget/")
    assert not SavedView.objects.exists()


def test_a_shared_view_is_the_teams_to_open_and_its_owners_to_forget(rep, client, cast):
    save(rep, shared="on")
    save(rep, name="Mine")
    view = SavedView.objects.get(name="Hot")
    assert view.team == cast.rep.team

    def seen(user):
        client.force_login(user)
        return [str(one) for one, _address, _open in client.get("/leads/").context["views"].views]

    assert seen(cast.teammate) == ["Hot"]
    assert client.post(f"/views/{view.pk}/forget/").status_code == 403
    assert seen(cast.other_rep) == []
    assert client.post(f"/views/{view.pk}/forget/").status_code == 404
    assert seen(cast.admin) == []  # an administrator without a team


def test_the_default_view_opens_the_list_and_only_one_is(rep):
    save(rep, query="stage=mql", is_default="on")
    first = rep.get("/leads/")
    assert (first.status_code, first.url.split("&")[0]) == (302, "/leads/?stage=mql")
    assert rep.get("/leads/?view=").status_code == 200  # "All"
    assert rep.get("/leads/", headers={"hx-request": "true"}).status_code == 200
    save(rep, name="Cold", query="stage=new", is_default="on")
    assert rep.get("/leads/").url.startswith("/leads/?stage=new")
    assert SavedView.objects.filter(is_default=True).count() == 1


def test_a_name_that_is_taken_is_asked_about(rep, client, cast):
    kept = save(rep, query="stage=mql", columns="stage", shared="on", is_default="on")
    view = SavedView.objects.get()
    asked = save(rep, query="stage=sql", columns="grade")
    assert (asked.status_code, asked.context["taken"]) == (422, view)
    page = asked.content.decode()
    assert '<input type="hidden" name="query" value="stage=sql">' in page, "nothing of the wish is lost"
    assert '<input type="hidden" name="columns" value="grade">' in page
    assert rep.get("/leads/").url == kept.url, "still what opens first"
    assert save(rep, query="stage=sql", name="Cold").status_code == 302, "under another name"
    assert save(rep, name="Cold", replaces=view.pk).status_code == 422, "no other view than the one named"
    assert save(rep, query="stage=sql", replaces=view.pk).status_code == 302
    view.refresh_from_db()
    assert (view.query, view.columns, view.team, view.is_default) == ("stage=sql", [], None, False)
    client.force_login(cast.teammate)
    assert save(client).status_code == 302, "a colleague's view of the same name is another"
    assert sorted(SavedView.objects.values_list("owner", "name")) == sorted(
        [(cast.rep.pk, "Cold"), (cast.rep.pk, "Hot"), (cast.teammate.pk, "Hot")]
    )


def test_what_is_no_view_is_refused(rep):
    assert save(rep, name="").url == "/leads/?"
    assert save(rep, page="secrets").status_code == 404
    assert not SavedView.objects.exists()
