"""Faults that a task brings along: its content, its forms, its gates, and what agents are asked."""

import hashlib
import json

import pytest
from django.contrib.auth.models import User
from django.http import QueryDict
from django.urls import reverse

from authoring.access import look_at_task
from authoring.content import read_content
from authoring.drafts.document import fingerprint
from authoring.drafts.saving import Edit, save
from authoring.editor.fields import forms_of, read_form
from authoring.gates import asked_of, problems_of, spec_of
from authoring.history.differences import compare
from authoring.launch import launch_tasks
from authoring.lint.data.trials import grade_reference
from authoring.models import Draft, Task
from authoring.mutants.playing import stage_of
from grading.models import Run
from simulation.errors import InvalidArgument, Problems
from simulation.fault_form import HEAVY, LEVELS, LIGHT, FaultsForm
from simulation.faults import Faults, faults_of
from simulation.forms.inputs import Form
from simulation.forms.reading import read_inputs
from simulation.forms.writing import write_inputs
from simulation.models import World
from simulation.text import canonical, without_nulls
from simulation.transcript import AgentSpec
from tests.authoring.tasks import content_of, make_revision, make_task

FAULTS = {"error_rate": 1.0, "delay_rate": 1.0, "delay_seconds": 30, "max_results": 4}


@pytest.fixture
def task(author: User, store_world: World) -> Task:
    return make_task(author, store_world, faults=FAULTS)


# content


def test_content_without_faults_has_the_hash_that_it_had_before_there_were_any(store_world):
    content = read_content(content_of(store_world))
    before = content.model_dump(exclude={"faults": True, "budgets": {"max_calls"}})

    assert content.hash == hashlib.sha256(canonical(without_nulls(before))).hexdigest()
    assert content.page_size == content.max_results


def test_faults_are_part_of_what_is_hashed_and_shorten_pages(store_world):
    plain = read_content(content_of(store_world))
    faulty = read_content(content_of(store_world, faults=FAULTS))

    assert faulty.hash != plain.hash
    assert faulty.page_size == 4
    assert faults_of(spec_of(faulty)) == Faults(**FAULTS)


def test_bad_faults_are_named(store_world):
    with pytest.raises(Problems) as refused:
        read_content({**content_of(store_world), "faults": {"error_rate": 2}})

    assert refused.value.problems[0].startswith("faults.error_rate: ")


def test_a_tool_that_the_toolset_has_not_is_named(author, store_world):
    task = make_task(author, store_world, faults={"error_rate": 1, "tools": ["sell", "fly"]})

    with pytest.raises(Problems, match=r"faults.tools: toolset default has no 'fly'") as refused:
        make_revision(task)
    assert len(refused.value.problems) == 1


def test_a_draft_saved_before_there_were_such_fields_is_saved_without_a_conflict(
    author, store_world
):
    task = make_task(author, store_world)
    old = json.loads(json.dumps(task.draft.content))
    del old["faults"], old["budgets"]["max_calls"]
    Draft.objects.filter(task=task).update(content=old)
    look = look_at_task(author, task.slug)
    (setting,) = (f for f in forms_of(look) if f.name == "setting")
    bases = {each.input.name: each.base for each in setting.inputs}

    edits = [
        Edit(path="faults", value={"error_rate": 0.5}, base=bases["faults"]),
        Edit(path="budgets", value={"max_calls": 7}, base=bases["budgets"]),
    ]
    draft = save(task, edits, by=author)

    assert draft.value.faults == Faults(error_rate=0.5)
    assert draft.value.budgets.max_calls == 7
    assert fingerprint(draft.content["faults"]) != bases["faults"]


# gates and agents


def test_the_reference_meets_no_failure_and_no_delay_in_gates_lint_and_mutants(task, author):
    content = make_revision(task).value

    assert problems_of(content) == []
    played = look_at_task(author, task.slug).scene.played
    assert played is not None
    assert {step.fault for step in played.calls} == {""}
    assert played.evidence.world.max_results == 4
    assert {f.outcome for f in grade_reference(look_at_task(author, task.slug).scene).values()} == {
        "met"
    }
    stage = stage_of(content)
    assert faults_of(stage.spec) == faults_of(stage.spec).calm
    assert stage.clone().max_results == 4


def test_in_a_run_models_meet_the_faults_and_baselines_do_not(task, runner):
    revision = make_revision(task)
    other = AgentSpec(kind="scripted", name="other", config={"turns": []})
    agents = ("reference", "null", "echo", "claims_only", other)

    run = launch_tasks(
        [revision], agents=agents, repeats=1, title="T", kind=Run.Kind.EVALUATION, owner=runner
    )

    rates = {r.agent: r.episode.spec["faults"]["error_rate"] for r in run.rollouts.all()}
    assert rates == {**dict.fromkeys(("reference", "null", "echo", "claims_only"), 0.0), "other": 1}


def test_without_faults_everybody_is_asked_the_same(author, store_world):
    spec = spec_of(make_revision(make_task(author, store_world)).value)

    assert asked_of(spec, AgentSpec(kind="reference", name="reference")) == spec


# forms


def sent_form(look, **typed):
    sent = QueryDict(mutable=True)
    for form in forms_of(look):
        for each in form.inputs:
            if each.input.name in ("faults", "budgets"):
                sent[f"base.{each.input.name}"] = each.base
                for member in each.input.members:
                    sent[member.name] = member.value
    for name, value in typed.items():
        sent[name.replace("__", ".")] = value
    return sent


def edits_of(look, **typed):
    (setting,) = (form for form in forms_of(look) if form.name == "setting")
    assert not any(each.input.is_json for each in setting.inputs)
    read = read_form(look, sent_form(look, **typed))
    assert read.problems == {}
    return {edit.path: edit.value for edit in read.edits}


@pytest.mark.parametrize(
    "faults",
    [
        None,
        {"error_rate": 0},
        {"error_rate": 0.25, "only": "writes", "tools": ["sell", "updateSale"]},
        {"descriptions": "none", "argument_descriptions": False, "max_results": 2},
        {"delay_rate": 0.5, "delay_seconds": 0.5, "error_message": "Later."},
    ],
)
def test_faults_are_shown_and_read_back_as_they_are(author, store_world, faults):
    task = make_task(author, store_world, faults=faults)
    look = look_at_task(author, task.slug)

    save(task, [*read_form(look, sent_form(look)).edits], by=author)

    task.draft.refresh_from_db()
    assert task.draft.value == look.content
    assert task.draft.version == look.draft.version


def test_what_is_typed_becomes_faults_and_an_emptied_form_takes_them_away(author, store_world):
    look = look_at_task(author, make_task(author, store_world).slug)

    typed = edits_of(look, faults__error_rate="0.1", faults__tools="sell\nupdateSale")
    assert typed["faults"] == {"error_rate": 0.1, "tools": ["sell", "updateSale"]}
    assert edits_of(look)["faults"] is None
    assert edits_of(look, budgets__max_calls="30")["budgets"]["max_calls"] == 30


def test_a_bad_rate_is_named_at_its_input_and_what_was_typed_is_kept(client, task, author):
    client.force_login(author)
    look = look_at_task(author, task.slug)

    answer = client.post(
        reverse("editor:save", args=[task.slug]),
        sent_form(look, faults__error_rate="1.5"),
    )

    assert answer.status_code == 422
    body = answer.content.decode()
    assert 'href="#id_faults.error_rate"' in body
    assert 'value="1.5"' in body


def test_the_agent_view_tells_what_goes_wrong_and_shows_tools_as_they_will_be_shown(
    client, author, store_world
):
    faults = {"error_rate": 0.1, "max_results": 3, "argument_descriptions": False}
    task = make_task(author, store_world, faults=faults, budgets={"max_calls": 40})
    client.force_login(author)

    body = client.get(reverse("editor:agent", args=[task.slug])).content.decode()

    assert "10% of calls" in body
    assert "<dt>rows of a search</dt><dd>3 at most</dd>" in body
    assert "<dt>tool calls</dt><dd>40 at most</dd>" in body
    definition = body.partition('aria-label="Definition of')[2].partition("</pre>")[0]
    assert definition.count("&quot;description&quot;") == 1


def test_a_comparison_names_the_faults(author, store_world):
    before = make_task(author, store_world).draft.value
    after = before.model_copy(update={"faults": Faults(error_rate=0.5)})

    (part,) = compare(before, after).parts
    labels = [field.label for field in part.fields]
    assert part.name == "setting"
    assert "faults, error rate" in labels


# a run's form


def read_level(form, **typed):
    sent = QueryDict(mutable=True)
    for name, value in typed.items():
        sent[f"faults.{name.replace('__', '.')}"] = value
    values, problems = read_inputs(form.fields, sent)
    assert problems == {}
    return form.read(values)


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        ({}, None),
        ({"level": "none"}, None),
        ({"level": "light"}, LIGHT),
        ({"level": "heavy"}, HEAVY),
        ({"level": "light", "custom__error_rate": "0.9"}, LIGHT),
        ({"level": "custom", "custom__error_rate": "0.9"}, Faults(error_rate=0.9)),
        ({"level": "custom"}, None),
        ({"custom__error_rate": "0.9"}, Faults(error_rate=0.9)),
    ],
)
def test_a_level_stands_for_faults(typed, faults):
    assert read_level(FaultsForm(), **typed) == faults


def test_bad_custom_faults_and_levels_are_named():
    with pytest.raises(Problems, match=r"custom.error_rate: "):
        read_level(FaultsForm(), level="custom", custom__error_rate="2")
    with pytest.raises(InvalidArgument, match="write none, light, heavy or custom"):
        read_level(FaultsForm(), level="medium")


@pytest.mark.parametrize("faults", [*LEVELS.values(), Faults(error_rate=0.3, tools=("sell",))])
def test_faults_of_the_run_before_are_shown_and_read_back(faults):
    form = FaultsForm()
    shown = {"faults": form.values(faults.model_dump() if faults else None)}
    inputs = write_inputs(form.fields, shown["faults"])

    assert len(Form(None, inputs, {}).inputs(form.fields)) == 2
    values, problems = read_inputs(form.fields, inputs)
    assert problems == {}
    assert form.read(values) == faults
