"""The playground's pages: lists, forms, results, log, reset; nothing there touches the world."""

import html
import json
import re

import pytest
import yaml
from django.test import Client
from django.urls import reverse

from authoring.content import TaskContent
from simulation.models import Episode, Step
from simulation.play import play, prepare
from simulation.playground.scratch import call_in_scratch, read_scratch
from simulation.transcript import AgentSpec, Spec
from simulation.worlds import load_snapshot
from tests.factories import make_draft, make_world, signed_in
from tests.web.conftest import HOSTILE


@pytest.fixture
def world(runner):
    return make_world(owner=runner)


@pytest.fixture
def client(runner) -> Client:
    return signed_in(runner)


def url_of(world, name="", query=""):
    arguments = [world.slug, world.version]
    base = (
        reverse("simulation:tool", args=[*arguments, name])
        if name
        else reverse("simulation:tools", args=arguments)
    )
    return f"{base}{query}"


def call(client, world, name, *, call_id="", **inputs):
    data = {f"arg.{key}": value for key, value in inputs.items()}
    return client.post(url_of(world, name), {**data, "call_id": call_id})


def body_of(response) -> str:
    return response.content.decode()


def test_tools_are_listed_by_what_they_do(client, world):
    body = body_of(client.get(url_of(world)))

    reads, writes = body.split('id="tools-pencil"')
    assert "searchSales" in reads
    assert {"sell", "updateSale"} <= set(re.findall(r'class="tool-name"[^>]*>(\w+)<', writes))
    assert "needs buyer, item_id; 1 optional" in body
    assert "No calls yet." in body
    assert "Nothing here touches the world." in body
    assert not Episode.objects.exists()


def test_a_form_is_made_of_the_schema(client, world):
    body = body_of(client.get(url_of(world, "sell")))

    assert re.search(r'name="arg.buyer"[^>]* required', body)
    assert re.search(r'name="arg.item_id"[^>]* list="there_arg.item_id"', body)
    assert '<option value="lamp">Lamp</option>' in body
    assert re.search(r'name="arg.qty"[^>]* placeholder="1" inputmode="decimal"', body)
    searching = body_of(client.get(url_of(world, "searchSales")))
    assert len(re.findall(r'type="checkbox" name="arg.status"', searching)) == 3
    assert "who bought, exactly." in searching


def test_a_call_is_answered_by_the_address_of_its_result(client, world):
    response = call(client, world, "sell", buyer="dee", item_id="lamp", qty="2")

    assert response.status_code == 303
    assert response.url == url_of(world, "sell", "?step=1#result")
    body = body_of(client.get(response.url))
    assert "sale-250915-008" in body
    assert "<del>10</del> → <ins>8</ins>" in body
    assert re.search(r'name="arg.qty" value="2"', body)
    assert html.escape('{"buyer": "dee", "item_id": "lamp", "qty": 2}') in body


def test_what_an_agent_sees_is_shown_to_the_byte(client, world):
    call(client, world, "searchSales", buyer="ana")

    body = body_of(client.get(url_of(world, "searchSales", "?step=1")))

    raw = re.search(r'<pre id="raw-result"[^>]*>(.*?)</pre>', body, re.DOTALL)[1]
    assert html.unescape(raw) == Step.objects.get().result


def test_a_refusal_stands_at_its_argument_with_all_that_was_typed(client, world):
    response = call(client, world, "sell", buyer="dee <b>", item_id="sofa", qty="2")

    body = body_of(response)
    assert response.status_code == 422
    assert '<a href="#id_arg.item_id">item id: there is no item' in body
    assert re.search(r'name="arg.item_id" value="sofa"[^>]* aria-invalid="true"', body)
    assert 'value="dee &lt;b&gt;"' in body
    assert "Refused, not_found." in body
    assert Step.objects.get().is_error


def test_a_refusal_that_names_no_argument_is_told_all_the_same(client, world):
    response = call(client, world, "sell", buyer="dee", item_id="lamp", qty="two")

    body = body_of(response)
    assert response.status_code == 422
    assert "expected a whole number of 1 or more, got &#x27;two&#x27;" in body
    assert 'value="two"' in body


def test_a_form_that_is_sent_twice_calls_once(client, world):
    body = body_of(client.get(url_of(world, "sell")))
    call_id = re.search(r'name="call_id" value="(\w+)"', body)[1]

    answers = [
        call(client, world, "sell", call_id=call_id, buyer="dee", item_id="lamp") for _ in range(2)
    ]

    assert {answer.url for answer in answers} == {url_of(world, "sell", "?step=1#result")}
    assert Step.objects.count() == 1
    other = re.search(r'name="call_id" value="(\w+)"', body_of(client.get(url_of(world, "sell"))))
    assert other[1] != call_id


def test_calls_without_an_id_are_different_calls(client, world):
    for _ in range(2):
        call(client, world, "sell", buyer="dee", item_id="lamp")

    assert Step.objects.count() == 2


def test_the_log_leads_back_to_each_call_and_its_arguments(client, world):
    call(client, world, "sell", buyer="dee", item_id="lamp")
    call(client, world, "searchSales", buyer="dee")
    call(client, world, "sell", buyer="dee", item_id="sofa")

    body = body_of(client.get(url_of(world)))

    assert re.findall(r'<span class="no">(\d)</span>', body) == ["3", "2", "1"]
    assert url_of(world, "searchSales", "?step=2") in body
    assert "not_found" in body
    assert "done · 2 changes" in body
    again = body_of(client.get(url_of(world, "searchSales", "?step=2")))
    assert 'name="arg.buyer" value="dee"' in again


def test_rows_made_here_are_offered_first_and_marked_as_ones_own(client, world):
    call(client, world, "sell", buyer="dee", item_id="lamp")

    body = body_of(client.get(url_of(world, "updateSale")))

    offered = re.search(r'<datalist id="there_arg.sale_id">(.*?)</datalist>', body, re.DOTALL)[1]
    assert re.findall(r'value="([^"]+)"', offered)[0] == "sale-250915-008"
    shown = body_of(client.get(url_of(world, "sell", "?step=1")))
    assert 'title="Only your clone has this row"' in shown


def test_an_address_can_bring_arguments_along(client, world):
    query = "?arg.buyer=ana&arg.status=paid&arg.status=void"

    body = body_of(client.get(url_of(world, "searchSales", query)))

    assert 'name="arg.buyer" value="ana"' in body
    assert len(re.findall(r'name="arg.status" value="\w+" checked', body)) == 2


def test_a_long_log_shows_the_newest_until_all_is_asked_for(client, world, monkeypatch):
    monkeypatch.setattr("simulation.playground.page.LOG", 2)
    for _ in range(3):
        call(client, world, "searchSales")
    short = body_of(client.get(url_of(world)))
    oldest = body_of(client.get(url_of(world, "searchSales", "?step=1")))
    whole = body_of(client.get(url_of(world, query="?log=all")))

    assert (short.count('class="no"'), whole.count('class="no"')) == (2, 3)
    assert "and 1 earlier call" in short
    assert "sale-250901-001" in oldest


def test_reset_asks_for_the_clone_that_was_seen(client, world, runner):
    call(client, world, "sell", buyer="dee", item_id="lamp")
    number = read_scratch(world, runner).number
    url = reverse("simulation:tools_reset", args=[world.slug, world.version])

    assert client.post(url, {"scratch": str(number + 1)}).status_code == 302
    assert len(read_scratch(world, runner).steps) == 1
    body = body_of(client.post(url, {"scratch": str(number)}, follow=True))

    assert "Your clone is fresh again" in body
    assert list(read_scratch(world, runner).steps) == []


def test_reference_steps_play_to_the_state_that_they_were_copied_from(client, world, runner):
    call(client, world, "sell", buyer="dee", item_id="lamp", qty="2")
    call(client, world, "sell", buyer="dee", item_id="sofa")
    call(client, world, "updateSale", sale_id="sale-250915-008", status="paid")
    reference = reverse("simulation:tools_reference", args=[world.slug, world.version])
    assert reference in body_of(client.get(url_of(world)))
    body = body_of(client.get(reference))
    copied = html.unescape(re.search(r'id="reference-yaml"[^>]*>(.*?)</pre>', body, re.DOTALL)[1])

    steps = yaml.safe_load(copied)["reference"]

    assert steps[1]["arguments"]["sale_id"] == {"$ref": "1.id"}
    playing = prepare(load_snapshot(world), Spec(prompt=""))
    agent = AgentSpec(kind="reference", name="copied", config={"solution": steps})
    assert play(playing, agent, lambda _: None).state_hash == Episode.objects.get().state_hash
    assert "reference" in TaskContent.model_fields
    assert "2 calls; 1 refused left out; 1 id of rows made here refers" in " ".join(body.split())


def test_a_draft_shows_its_tools_and_says_what_to_do(client, runner):
    draft = make_draft(runner)

    body = body_of(client.get(url_of(draft, "sell")))
    response = call(client, draft, "sell", buyer="dee", item_id="lamp")

    assert "Publish it first" in body
    assert re.search(r'<button class="button primary" disabled', body)
    assert response.status_code == 409
    assert "publish it first" in body_of(response)
    assert 'value="dee"' in body_of(response)
    assert not Episode.objects.exists()


def test_what_is_not_there_is_not_found(client, world):
    assert client.get(url_of(world, "noSuchTool")).status_code == 404
    assert client.post(url_of(world, "noSuchTool")).status_code == 404
    assert client.get("/world/none@1/tools/").status_code == 404
    assert client.get(url_of(world, "sell", "?step=99")).status_code == 200


def test_hostile_text_is_shown_and_never_run(client, world):
    call(client, world, "sell", buyer=HOSTILE, item_id="lamp")

    for address in (url_of(world), url_of(world, "sell", "?step=1"), url_of(world, "updateSale")):
        body = body_of(client.get(address))
        assert "<script>alert" not in body
        assert "<img src=x" not in body


def test_a_long_result_is_cut_until_it_is_asked_for(client, world, runner, monkeypatch):
    monkeypatch.setattr("simulation.playground.page.RAW", 20)
    call(client, world, "searchSales")

    cut = body_of(client.get(url_of(world, "searchSales", "?step=1")))
    whole = body_of(client.get(url_of(world, "searchSales", "?step=1&whole=1")))

    assert "show all of it" in cut
    assert "show all of it" not in whole
    assert html.escape(Step.objects.get().result) in whole.replace("&quot;", "&quot;")


def test_forms_without_a_token_are_refused(world, runner):
    client = signed_in(runner, enforce_csrf_checks=True)

    assert call(client, world, "sell", buyer="dee", item_id="lamp").status_code == 403
    reset = reverse("simulation:tools_reset", args=[world.slug, world.version])
    assert client.post(reset).status_code == 403


def test_a_page_asks_the_database_as_often_after_many_calls_as_after_few(
    client, world, runner, django_assert_max_num_queries
):
    def make(count):
        for number in range(count):
            arguments = json.dumps({"buyer": str(number), "item_id": "lamp"})
            call_in_scratch(
                world, runner, tool="sell", arguments_raw=arguments, call_id=f"{count}-{number}"
            )

    make(1)
    client.get(url_of(world))
    with django_assert_max_num_queries(12) as few:
        client.get(url_of(world, "sell", "?step=1"))
    make(6)
    with django_assert_max_num_queries(12) as many:
        client.get(url_of(world, "sell", "?step=1"))

    assert len(few) == len(many)
