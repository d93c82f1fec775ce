"""Who may see what: a row for each address, a column for each person, the answer written down."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from authoring.dry_runs.starting import start_dry_run
from authoring.models import Comment, InboxItem
from authoring.tokens import make_token
from grading.people.reports import Complaint, report_task
from simulation.models import Episode, World
from simulation.playground.scratch import call_in_scratch
from simulation.portability.export import export_archive
from simulation.portability.uploads import keep_upload
from simulation.worlds import dump_world, import_entities
from tests.authoring.launching.scenes import make_agent
from tests.authoring.packs.frozen import freeze_one
from tests.authoring.packs.versions import make_version
from tests.authoring.tasks import make_revision, make_task
from tests.factories import STORE, make_draft, make_endpoint, make_world
from tests.grading.judging.judges import make_judge
from tests.grading.regrading import ask
from tests.web.strength import make_report

PEOPLE = ("nobody", "charlie", "author", "runner", "reviewer", "analyst", "admin_person")
MINE = {"nobody": 302, "charlie": 404, "author": 404, "runner": 200} | dict.fromkeys(
    ("reviewer", "analyst", "admin_person"), 200
)
API = {**MINE, "nobody": 401}
ANY_ROLE = dict.fromkeys(PEOPLE, 200) | {"nobody": 401, "charlie": 404}  # over REST
GRADES = {**MINE, "reviewer": 404}  # who may say how a run is graded
SIGNED_IN = {"nobody": 302} | dict.fromkeys(PEOPLE[1:], 200)
EVERYBODY = dict.fromkeys(PEOPLE, 200)
MAY_IMPORT = {"nobody": 302} | dict.fromkeys(PEOPLE[1:], 403) | {"author": 200, "admin_person": 200}
MAY_EDIT = {"nobody": 302} | dict.fromkeys(PEOPLE[1:], 404) | {"author": 200, "admin_person": 200}
RUBRIC = (
    {"nobody": 302}
    | dict.fromkeys(PEOPLE[1:], 404)
    | {
        "author": 200,  # whose draft it is
        "reviewer": 200,
        "admin_person": 200,
    }
)
ADMINS = dict.fromkeys(PEOPLE[1:-1], 404) | {"nobody": 302, "admin_person": 200}
ADMINS_ALONE = dict.fromkeys(PEOPLE[1:-1], 403) | {"nobody": 302, "admin_person": 200}
INSPECTORS = {"nobody": 302} | dict.fromkeys(PEOPLE[1:4], 404) | dict.fromkeys(PEOPLE[4:], 200)
INSPECTORS_ALONE = {**INSPECTORS, **dict.fromkeys(PEOPLE[1:4], 403)}
STAFF_ONLY = dict.fromkeys(PEOPLE, 302)
MAKERS = (
    {"nobody": 302}
    | dict.fromkeys(PEOPLE[1:], 404)
    | dict.fromkeys(("author", "reviewer", "admin_person"), 200)
)
MISS = {"name": "One lamp", "solution": [{"call": "sell", "arguments": {}}]}

RUBRIC_API = {**RUBRIC, "nobody": 401}
EVERYBODYS_API = {"nobody": 401} | dict.fromkeys(PEOPLE[1:], 200)
THEIRS = {"nobody": 302} | dict.fromkeys(PEOPLE[1:], 404) | {"author": 200}
OF_TASK = ("detail", "draft", "lint", "revisions", "review", "comments", "dry-runs")
OF_REVISION = ("revision", "differences")
READ_PACKS = {**SIGNED_IN, "charlie": 404}  # everybody with a role
MAKE_PACKS = {"nobody": 302} | dict.fromkeys(PEOPLE[1:], 404)
MAKE_PACKS |= dict.fromkeys(("author", "reviewer", "admin_person"), 200)
LAUNCH = {"nobody": 302} | dict.fromkeys(PEOPLE[1:], 404)
LAUNCH |= dict.fromkeys(("runner", "admin_person"), 200)

EXPECTED = {
    **dict.fromkeys(("api:task-list", "api:token-list", "api:me"), EVERYBODYS_API),
    **{f"api:task-{name}": RUBRIC_API for name in (*OF_TASK, *OF_REVISION, "comment", "dry-run")},
    "api:token-detail": {**THEIRS, "nobody": 401},
    "tokens:list": SIGNED_IN,
    "tokens:new": SIGNED_IN,
    "tokens:all": ADMINS,
    "tokens:revoke": {**THEIRS, "admin_person": 200},
    "home": SIGNED_IN,
    "packs:list": READ_PACKS,
    "packs:new": MAKE_PACKS,
    "packs:pack": READ_PACKS,
    "packs:checks": READ_PACKS,
    "packs:settings": MAY_EDIT,
    "packs:add": MAY_EDIT,
    "packs:adding": MAY_EDIT,
    "packs:freeze": MAY_EDIT,
    "packs:version": READ_PACKS,
    "packs:download": READ_PACKS,
    "launch:new": LAUNCH,
    "agents:list": READ_PACKS,
    "agents:agent": READ_PACKS,
    "agents:new": LAUNCH,
    "api:agent-list": {**ANY_ROLE, "charlie": 403},
    "api:agent-detail": ANY_ROLE,
    "grading:runs": SIGNED_IN,
    "grading:run": MINE,
    "grading:run_progress": MINE,
    "grading:episode_live": MINE,
    "grading:statistics": MINE,
    "grading:gradings": MINE,
    "grading:gradings_progress": MINE,
    "grading:compare": MINE,
    "grading:official": GRADES,
    "grade_again": GRADES,
    "grading:episode": MINE,
    "grading:step_payload": MINE,
    "grading:checks": SIGNED_IN,
    "grading:try_check": MINE,
    "grading:queue": SIGNED_IN,
    "grading:queue_next": {"nobody": 302} | dict.fromkeys(PEOPLE[1:], 302),
    "reports:reports": SIGNED_IN,
    "reports:report": MINE,
    "simulation:worlds": SIGNED_IN,
    "simulation:newest_world": {"nobody": 302} | dict.fromkeys(PEOPLE[1:], 302),
    "simulation:world": SIGNED_IN,
    "simulation:search": SIGNED_IN,
    "simulation:policies": SIGNED_IN,
    "simulation:company_policy": SIGNED_IN,
    "simulation:prompt": SIGNED_IN,
    "simulation:policy": {"nobody": 302} | dict.fromkeys(PEOPLE[1:], 404),  # it has no such texts
    "simulation:changes": SIGNED_IN,
    "simulation:rows": SIGNED_IN,
    "simulation:entity": SIGNED_IN,
    "tasks_using": SIGNED_IN,
    "tasks:list": SIGNED_IN,
    "tasks:new": MAY_EDIT,
    "tasks:bulk": {"nobody": 302}
    | dict.fromkeys(PEOPLE[1:], 404)  # to assign a reviewer is for those who see drafts
    | dict.fromkeys(("author", "reviewer", "admin_person"), 200),
    "guide:index": SIGNED_IN,
    "guide:criteria": SIGNED_IN,
    "guide:checks": SIGNED_IN,
    "guide:check": SIGNED_IN,
    "guide:lint": SIGNED_IN,
    "guide:review": SIGNED_IN,
    "guide:keys": SIGNED_IN,
    "simulation:import": MAY_IMPORT,
    "simulation:import_preview": {**MAY_IMPORT, "admin_person": 404},
    "bundles:import": MAKERS,
    "bundles:preview": {**MAKERS, "reviewer": 404, "admin_person": 404},  # it is the author's
    "simulation:export": SIGNED_IN,
    "simulation:check": SIGNED_IN,
    "simulation:details": MAY_EDIT,
    "simulation:publish": MAY_EDIT,
    "simulation:discard": MAY_EDIT,
    "simulation:new_row": MAY_EDIT,
    "simulation:edit_row": MAY_EDIT,
    "simulation:delete_row": MAY_EDIT,
    "simulation:query": SIGNED_IN,
    "simulation:query_rows": SIGNED_IN,
    "simulation:tools": SIGNED_IN,
    "simulation:tool": SIGNED_IN,
    "simulation:tools_reference": SIGNED_IN,
    "editor:prompt": RUBRIC,
    "editor:frame": RUBRIC,
    "editor:agent": RUBRIC,
    "lint:page": RUBRIC,
    "setup:page": RUBRIC,
    "reference:page": RUBRIC,
    "customer:page": RUBRIC,
    "history:page": RUBRIC,
    "review:page": RUBRIC,
    "reviews:queue": SIGNED_IN,
    "inbox:inbox": SIGNED_IN,
    "inbox:open": {"nobody": 302} | dict.fromkeys(PEOPLE[1:], 404) | {"author": 303},
    "history:compare": RUBRIC,
    "rubric:page": RUBRIC,
    "rubric:preview": RUBRIC,
    "rubric:bind": MAY_EDIT,
    "rubric:pick": MAY_EDIT,
    "rubric:per_row": MAY_EDIT,
    "rubric:per_field": MAY_EDIT,
    "rubric:export": RUBRIC,
    "rubric_import:choose": MAY_EDIT,
    "strength:page": RUBRIC,
    "strength:progress": RUBRIC,
    "setup:world": RUBRIC,
    **dict.fromkeys(
        (
            "setup:add",
            "setup:rows",
            "setup:find",
            "setup:json",
            "setup:new",
            "setup:change",
            "setup:drop",
            "setup:like",
            "setup:edit",
            "setup:duplicate",
        ),
        MAY_EDIT,
    ),
    "add_row:choose": MAY_EDIT,
    "dry_run:page": RUBRIC,
    "dry_run:strip": RUBRIC,
    "dry_run:past": RUBRIC,
    "dry_run:progress": RUBRIC,
    "api:mutation-list": {**RUBRIC, "nobody": 401},
    "api:mutation-detail": {**RUBRIC, "nobody": 401},
    "reference:choose": MAY_EDIT,
    "reference:new": MAY_EDIT,
    "reference:step": MAY_EDIT,
    "reference:repeat": MAY_EDIT,
    "reference:miss": RUBRIC,
    "reference:try": RUBRIC,
    "reference:try_tool": RUBRIC,
    "reference:take": MAY_EDIT,
    "endpoints:list": ADMINS_ALONE,
    "endpoints:new": ADMINS_ALONE,
    "endpoints:edit": ADMINS,
    "judges:list": INSPECTORS_ALONE,
    "judges:judge": INSPECTORS,
    "judges:new": ADMINS_ALONE,
    "styleguide": EVERYBODY,
    "login": {"nobody": 200} | dict.fromkeys(PEOPLE[1:], 302),
    "healthz": EVERYBODY,
    "readyz": EVERYBODY,
    "metrics": {**ADMINS, "nobody": 404},
    "admin:index": STAFF_ONLY,
    "api:run-list": {**SIGNED_IN, "nobody": 401},
    "api:run-detail": API,
    "api:run-rollouts": API,
    "api:run-statistics": API,
    "api:run-verdicts": API,
    "api:rollout-verdicts": API,
    "api:rollout-failure-notes": API,
    "api:task-report-list": {**SIGNED_IN, "nobody": 401},
    "api:task-report-detail": API,
    "api:task-report-events": API,
    "api:grading-list": API,
    "api:grading-detail": API,
    "api:grading-compare": API,
    "api:episode-list": {**SIGNED_IN, "nobody": 401},
    "api:episode-detail": API,
    "api:episode-steps": API,
    "api:world-list": {**SIGNED_IN, "nobody": 401},
    "api:world-detail": {**SIGNED_IN, "nobody": 401},
    "api:world-export": {**SIGNED_IN, "nobody": 401},
    "api:entity-types": {**SIGNED_IN, "nobody": 401},
    "api:entity-rows": {**SIGNED_IN, "nobody": 401},
    "api:entity-row": {**SIGNED_IN, "nobody": 401},
    "api:world-tools": {**SIGNED_IN, "nobody": 401},
    "api:rollout-list": {**SIGNED_IN, "nobody": 401},
    "api:rollout-detail": API,
    "api:endpoint-list": {**ADMINS_ALONE, "nobody": 401},
    "api:endpoint-detail": {**ADMINS, "nobody": 401},
    "api:judge-list": {**INSPECTORS_ALONE, "nobody": 401},
    "api:judge-detail": {**INSPECTORS, "nobody": 401},
    "api:run-judging-costs": API,
    "api:run-progress": API,
    "agreement:agreement": SIGNED_IN,
    "agreement:labels": SIGNED_IN,
    "agreement:import": SIGNED_IN,
    "api:transcripts": {**SIGNED_IN, "nobody": 401},
    "api:agreement": {**SIGNED_IN, "nobody": 401},
    "api:labels": {**SIGNED_IN, "nobody": 401},
    "api:pack-list": {**SIGNED_IN, "nobody": 401},
    "api:pack-detail": ANY_ROLE,
    "api:pack-tasks": ANY_ROLE,
    "api:pack-check": ANY_ROLE,
    "api:pack-newer": ANY_ROLE,
    "api:pack-version-list": ANY_ROLE,
    "api:pack-version-detail": ANY_ROLE,
    "api:pack-version-entries": ANY_ROLE,
    "api:pack-version-changes": ANY_ROLE,
    # no format is asked for; what a format gives to whom stands in tests/authoring/packs
    "api:pack-version-export": dict.fromkeys(PEOPLE, 400) | {"nobody": 401},
    "api:schema": EVERYBODY,
    "api_docs": EVERYBODY,
}
STEERING = ("cancel", "pause", "resume", "limit", "retry_masked", "release")
STEERING_API = ("cancel", "pause", "resume", "limit", "retry-masked", "release")
POST_ONLY = {
    *(f"api:task-{name}" for name in ("retire", "bring-back", "submit", "withdraw", "approve")),
    *(f"api:task-{name}" for name in ("request-changes", "reveal", "ticks", "checklist")),
    *(f"api:task-{name}" for name in ("lint-keep", "lint-take-back", "lint-apply", "restore")),
    *(f"api:task-{name}" for name in ("replies", "resolve", "reopen")),
    *(f"api:task-{name}" for name in ("dry-run-cancel", "dry-run-decide")),
    "api:token-revoke",
    "reference:message",
    "reference:do",
    "reference:toolset",
    "reference:miss_add",
    "reference:miss_change",
    "reference:try_reset",
    "theme",
    "logout",
    *(f"grading:run_{name}" for name in STEERING),
    *(f"api:run-{name}" for name in STEERING_API),
    "grading:episode_retry",
    "grading:episode_release",
    "setup:amounts",
    "setup:move",
    "setup:take_out",
    "editor:save",
    "customer:try",
    "lint:apply",
    "lint:keep",
    "lint:drop",
    "history:name",
    "review:submit",
    "review:withdraw",
    "review:assign",
    "review:decide",
    "review:tick",
    "review:checklist",
    "review:reveal",
    "review:comment",
    "review:reply",
    "review:resolve",
    "review:reopen",
    "inbox:read",
    "history:resolve",
    "history:restore",
    *(f"rubric:{name}" for name in ("add", "from_reference", "put_back", "save", "json", "move")),
    *(f"rubric:{name}" for name in ("duplicate", "remove", "split", "turn")),
    "api:task-rubric-import",
    "strength:start",
    "strength:cancel",
    "strength:mark",
    "strength:unmark",
    "dry_run:start",
    "dry_run:cancel",
    "dry_run:decide",
    "grading:verdict",
    "grading:verdict_withdraw",
    "grading:failure_note",
    "grading:report_task",
    "grading:blind",
    "reports:move",
    "api:rollout-task-reports",
    "api:verdict-withdrawal",
    "api:task-report-moves",
    "api:task-report-comments",
    "api:task-report-assignment",
    "grading:grading_cancel",
    "api:grading-cancel",
    "api:grading-official",
    "api:gradings",
    "api:world-import",
    "api:world-query",
    "api:pack-import",
    "simulation:copy",
    "simulation:tools_reset",
    "endpoints:test",
    "judges:retire",
    "agents:retire",
    "agents:bring_back",
    "agents:try",
    "api:endpoint-test",
    "api:agent-versions",
    "api:agent-retire",
    "api:agent-bring-back",
    "launch:launch",
    "grading:retry_grading",
    "grading:retry_episode",
    "api:run-retry-grading",
    "tasks:undo",
    "tasks:duplicate",
    "tasks:retire",
    "tasks:bring_back",
    "packs:remove",
    "packs:newer",
}


OF_PACKS = ("pack", "checks", "settings", "add", "adding", "freeze")
OF_SETUP = tuple(f"setup:{name}" for name in ("page", "add", "find", "world", "json"))


@pytest.fixture
def addresses(run, author):
    rollout = run.rollouts.filter(agent="reference").first()
    step = rollout.episode.steps.filter(kind="tool_call").first()
    run_args, episode_args = [run.pk], [run.pk, rollout.pk]
    second = [run.pk, ask(run, actor=run.owner).number]
    world = rollout.episode.world
    upload = keep_upload(author, "store.zip", export_archive(world))
    world_args = [world.slug, world.version]
    draft = make_draft(author)
    import_entities(draft, STORE)
    complaint = Complaint(fault="task", text="Nobody can know this.")
    complaint_args = [report_task(rollout.pk, complaint, reporter=rollout.run.owner).pk]
    draft_args = [draft.slug, draft.version]
    endpoint = make_endpoint(created_by=author)
    cheaper = {"op": "update", "entity_type": "item", "id": "lamp", "fields": {"price": 9.5}}
    report = make_report(author, world, setup=[cheaper])
    item, row = [report.task.slug, "item"], [report.task.slug, "item", "chair"]
    report_args = [report.task.slug, report.pk]
    dry_run = start_dry_run(report.task, by=author)
    judge = make_judge(endpoint=endpoint)
    agent = make_agent(endpoint)
    solved = [make_task(author, world, "solved", near_misses=[MISS]).slug]
    news = InboxItem.objects.create(
        person=author, event=InboxItem.Event.APPROVED, task=report.task, actor=author, path="/"
    )
    version = make_version(author)
    rubric = make_task(author, world, "rubric")
    criterion = [rubric.slug, "sale-is-paid"]
    make_token(author, name="laptop")
    token = [author.api_tokens.get().pk]
    revision = [report.task.slug, dry_run.revision.number]
    frozen = freeze_one(author, world)
    comment = Comment.objects.create(task=report.task, place="task", body="Why?", author=author)
    arguments = {
        **{f"api:task-{name}": [report.task.slug] for name in OF_TASK},
        **{f"api:task-{name}": revision for name in OF_REVISION},
        "api:task-comment": [report.task.slug, comment.pk],
        "api:task-dry-run": [report.task.slug, dry_run.pk],
        "api:token-detail": token,
        "tokens:revoke": token,
        **{f"packs:{name}": ["basics"] for name in OF_PACKS},
        "packs:version": ["basics", frozen.number],
        "packs:download": ["basics", frozen.number, "bundle"],
        "editor:prompt": [report.task.slug],
        "editor:frame": [report.task.slug],
        "editor:agent": [report.task.slug],
        "lint:page": [report.task.slug],
        "setup:page": [report.task.slug],
        **{
            f"setup:{name}": [report.task.slug] for name in ("page", "add", "find", "world", "json")
        },
        **{f"setup:{name}": item for name in ("rows", "new")},
        **{f"setup:{name}": row for name in ("change", "drop", "like")},
        **{f"setup:{name}": [report.task.slug, 1] for name in ("edit", "duplicate")},
        "reference:page": [report.task.slug],
        "customer:page": [report.task.slug],
        "history:page": [report.task.slug],
        "review:page": [report.task.slug],
        "inbox:open": [news.pk],
        "history:compare": [report.task.slug],
        "reference:choose": solved,
        "reference:new": [*solved, "sell"],
        "reference:step": [*solved, 1],
        "reference:repeat": [*solved, "sell"],
        "reference:miss": [*solved, 1],
        "reference:try": solved,
        "reference:try_tool": [*solved, "sell"],
        "reference:take": solved,
        "rubric:page": [rubric.slug],
        "rubric:per_row": [rubric.slug],
        "rubric:per_field": [rubric.slug],
        "rubric:export": [rubric.slug],
        "rubric_import:choose": [rubric.slug],
        "rubric:preview": criterion,
        "rubric:bind": criterion,
        "rubric:pick": criterion,
        "strength:page": [report.task.slug],
        "strength:progress": report_args,
        "dry_run:page": [report.task.slug],
        "dry_run:strip": [report.task.slug],
        "dry_run:past": [report.task.slug],
        "dry_run:progress": [report.task.slug, dry_run.pk],
        **{f"api:pack-{name}": ["empty"] for name in ("detail", "tasks", "check", "newer")},
        "api:pack-version-list": ["empty"],
        **{
            f"api:pack-version-{name}": ["empty", version.number]
            for name in ("detail", "entries", "changes", "export")
        },
        "api:mutation-list": [report.task.slug],
        "api:mutation-detail": report_args,
        "judges:judge": [judge.name, judge.version],
        "agents:agent": [agent.name],
        "api:agent-detail": [str(agent)],
        "api:judge-detail": [judge.pk],
        "api:run-judging-costs": run_args,
        "api:run-progress": run_args,
        "endpoints:edit": [endpoint.name],
        "api:endpoint-detail": [endpoint.name],
        "grading:run": run_args,
        "grading:run_progress": run_args,
        "grading:episode_live": episode_args,
        "grading:statistics": run_args,
        "grading:gradings": run_args,
        "grading:gradings_progress": run_args,
        "grading:compare": run_args,
        "grading:official": second,
        "grade_again": run_args,
        "grading:episode": episode_args,
        "grading:try_check": episode_args,
        "grading:step_payload": [*episode_args, step.index, "result"],
        "reports:report": complaint_args,
        "api:rollout-verdicts": [rollout.pk],
        "api:rollout-failure-notes": [rollout.pk],
        "api:task-report-detail": complaint_args,
        "api:task-report-events": complaint_args,
        "simulation:newest_world": [world.slug],
        "simulation:world": world_args,
        "simulation:search": world_args,
        "simulation:policies": world_args,
        "simulation:company_policy": world_args,
        "simulation:prompt": [*world_args, "clerk"],
        "simulation:policy": [*world_args, "item", "lamp"],
        "simulation:changes": world_args,
        "simulation:rows": [*world_args, "item"],
        "simulation:entity": [*world_args, "item", "lamp"],
        "tasks_using": [*world_args, "item", "lamp"],
        "guide:check": ["state"],
        "simulation:import_preview": [upload.pk],
        "bundles:preview": [upload.pk],
        "simulation:export": world_args,
        "api:world-detail": [str(world)],
        "api:world-export": [str(world)],
        "api:entity-types": [str(world)],
        "api:entity-rows": [str(world), "item"],
        "api:entity-row": [str(world), "item", "lamp"],
        "api:world-tools": [str(world)],
        "api:rollout-detail": [rollout.pk],
        "simulation:check": world_args,
        "simulation:details": draft_args,
        "simulation:publish": draft_args,
        "simulation:discard": draft_args,
        "simulation:new_row": [*draft_args, "item"],
        "simulation:edit_row": [*draft_args, "item", "lamp"],
        "simulation:delete_row": [*draft_args, "item", "lamp"],
        "simulation:query": world_args,
        "simulation:query_rows": world_args,
        "simulation:tools": world_args,
        "simulation:tool": [*world_args, "sell"],
        "simulation:tools_reference": world_args,
        "api:run-detail": run_args,
        "api:run-rollouts": run_args,
        "api:run-statistics": run_args,
        "api:run-verdicts": run_args,
        "api:grading-list": run_args,
        "api:grading-detail": second,
        "api:grading-compare": run_args,
        "api:episode-detail": [rollout.episode_id],
        "api:episode-steps": [rollout.episode_id],
    }
    found = {name: reverse(name, args=arguments.get(name, [])) for name in EXPECTED}
    asking = {
        "tasks:bulk": "?action=reviewer&person=-",
        "simulation:query_rows": "?of=sale",
        "api:grading-compare": "?a=1&b=2",
        "api:task-differences": "?from=1",
        "add_row:choose": f"?world={world}&row=@item:lamp",
        "rubric:bind": "?type=sale&at=check.expect.0.value",
        "rubric:pick": "?at=check.expect.0.value",
        "rubric:export": "?form=healthbench",
    }
    return found | {name: f"{found[name]}{query}" for name, query in asking.items()}


@pytest.mark.parametrize("person", PEOPLE)
def test_every_address_answers_each_person_as_written(person, addresses, page, request):
    user = None if person == "nobody" else request.getfixturevalue(person)

    answers = {name: read_whole(page(url, user)) for name, url in addresses.items()}

    assert answers == {name: EXPECTED[name][person] for name in EXPECTED}


def read_whole(response):
    """Give the status; an answer that is sent in pieces is read to its end, which closes it."""
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


def named_addresses(patterns, prefix=""):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from named_addresses(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{prefix}{pattern.name}"


def test_no_address_is_missing_from_the_table():
    there_are = set(named_addresses(get_resolver().url_patterns))
    ours = {name for name in there_are if not name.startswith("admin:")}

    assert ours - POST_ONLY == set(EXPECTED) - {"admin:index"}


def test_an_episode_is_not_found_below_another_run(launch, run, page):
    other = launch()
    rollout = run.rollouts.first()

    assert page(reverse("grading:episode", args=[other.pk, rollout.pk])).status_code == 404


def test_lists_hold_only_what_is_theirs(run, page, author, reviewer):
    for person, count in ((author, 0), (reviewer, 1)):
        assert len(page("/api/v1/runs/", person).json()["results"]) == count
        assert ("A run" in page("/runs/", person).content.decode()) == bool(count)


def test_a_token_sees_no_more_than_its_person(run, author):
    headers = {"authorization": f"Bearer {make_token(author, name='laptop')}"}

    response = Client().get(f"/api/v1/runs/{run.pk}/", headers=headers)

    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize("action", STEERING)
@pytest.mark.parametrize(
    ("person", "status"),
    [("author", 404), ("reviewer", 404), ("analyst", 404), ("runner", 303), ("admin_person", 303)],
)
def test_only_its_owner_and_admins_steer_a_run(person, status, action, launch, request):
    run = launch(is_finished=False)
    client = Client()
    client.force_login(request.getfixturevalue(person))

    response = client.post(reverse(f"grading:run_{action}", args=[run.pk]), {"max_running": "3"})

    assert response.status_code == status
    run.refresh_from_db()
    lane, is_over = run.lane, run.rollouts.get().episode.is_over
    done = {"cancel": is_over, "pause": bool(lane.paused_at), "limit": lane.max_running == 3}
    assert done.get(action, status == 303) == (status == 303)


def test_forms_without_a_token_are_refused(runner, run):
    client = Client(enforce_csrf_checks=True)
    client.force_login(runner)

    assert client.post(reverse("grading:run_cancel", args=[run.pk])).status_code == 403
    assert client.post(reverse("theme"), {"theme": "dark"}).status_code == 403


def test_signing_in_leads_nowhere_else(runner):
    response = Client().post(
        "/login/?next=https://evil.example/", {"username": "ruth", "password": "secret"}
    )

    assert response.status_code == 302
    assert response.url == "/"


def test_the_theme_switch_leads_nowhere_else():
    response = Client().post("/theme/", {"theme": "dark", "next": "https://evil.example/"})

    assert response.url == "/"
    assert response.cookies["theme"].value == "dark"


DRAFT = {
    "nobody": 302,
    "charlie": 404,
    "author": 404,
    "runner": 200,
    "analyst": 404,
} | dict.fromkeys(("reviewer", "admin_person"), 200)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("name", ["query", "query_rows", "tools", "tool", "check"])
def test_workbenches_of_a_draft_are_found_by_those_who_see_it(name, person, runner, page, request):
    draft = make_draft(runner)
    arguments = [draft.slug, draft.version, *(["sell"] if name == "tool" else [])]
    user = None if person == "nobody" else request.getfixturevalue(person)

    answer = page(f"{reverse(f'simulation:{name}', args=arguments)}?of=sale", user)

    assert answer.status_code == DRAFT[person]


@pytest.mark.parametrize("name", ["tool", "tools_reset"])
def test_nobody_plays_in_a_draft_that_they_do_not_see(name, runner, charlie):
    draft = make_draft(runner)
    arguments = [draft.slug, draft.version, *(["sell"] if name == "tool" else [])]
    client = Client()
    client.force_login(charlie)

    assert client.post(reverse(f"simulation:{name}", args=arguments)).status_code == 404


def test_a_scratch_clone_is_in_nobody_elses_api(mock_world, charlie, admin_person, page):
    call_in_scratch(mock_world, charlie, tool="searchSales", arguments_raw="{}", call_id="1")
    number = Episode.objects.scratches().get().pk
    addresses = (f"/api/v1/episodes/{number}/", f"/api/v1/episodes/{number}/steps/")

    assert [page(url, charlie).status_code for url in addresses] == [200, 200]
    assert [page(url, admin_person).status_code for url in addresses] == [404, 404]
    assert page("/api/v1/episodes/", admin_person).json()["results"] == []


EDITS = {
    "details": [],
    "publish": [],
    "discard": [],
    "new_row": ["item"],
    "edit_row": ["item", "lamp"],
    "delete_row": ["item", "lamp"],
}


@pytest.mark.parametrize("name", EDITS)
def test_nobody_changes_a_published_world_or_looks_at_its_forms(name, mock_world, admin_person):
    client = Client()
    client.force_login(admin_person)
    url = reverse(f"simulation:{name}", args=[mock_world.slug, mock_world.version, *EDITS[name]])

    assert client.get(url).status_code == 404
    before = dump_world(mock_world)
    client.post(url, {"row.name": "Desk", "details.title": "Mine", "name": str(mock_world)})
    assert dump_world(mock_world) == before


@pytest.mark.parametrize("person", ["charlie", "runner", "reviewer", "analyst"])
@pytest.mark.parametrize("name", [*EDITS, "copy"])
def test_others_change_no_draft(name, person, author, request):
    draft = make_draft(author)
    import_entities(draft, STORE)
    client = Client()
    client.force_login(request.getfixturevalue(person))
    url = reverse(f"simulation:{name}", args=[draft.slug, draft.version, *EDITS.get(name, [])])

    assert client.post(url, {"name": str(draft)}).status_code == 404

    draft.refresh_from_db()
    assert (draft.edits, draft.is_draft) == (1, True)
    assert World.objects.count() == 1


@pytest.mark.parametrize(("person", "status"), [("author", 303), ("admin_person", 303)])
def test_authors_and_admins_copy_what_they_see(person, status, mock_world, request):
    client = Client()
    user = request.getfixturevalue(person)
    client.force_login(user)

    answer = client.post(reverse("simulation:copy", args=[mock_world.slug, mock_world.version]))

    assert answer.status_code == status
    assert World.objects.get(parent=mock_world).owner == user


TASK_POSTS = {
    "undo": (),  # there is nothing of theirs to take back
    "duplicate": ("author", "admin_person"),
    "retire": ("author", "admin_person"),
    "bring_back": ("author", "admin_person"),
}


def test_what_is_posted_to_tasks_is_for_those_whose_they_are(author, request):
    world = make_world(slug="store", version=1, prompts={"clerk": "You are a clerk."})
    make_task(author, world, "draft")
    people = {name: request.getfixturevalue(name) for name in PEOPLE[1:]}
    clients = {name: Client() for name in PEOPLE}
    for name, person in people.items():
        clients[name].force_login(person)

    for name, allowed in TASK_POSTS.items():
        url = reverse(f"tasks:{name}", args=[] if name == "undo" else ["draft"])
        answers = {person: client.post(url).status_code for person, client in clients.items()}
        refused = {"nobody": 302} | dict.fromkeys(PEOPLE[1:], 404)
        assert answers == refused | dict.fromkeys(allowed, 303)


PACK_POSTS = {
    "adding": ("author", "admin_person"),
    "remove": ("author", "admin_person"),
    "newer": ("author", "admin_person"),
    "settings": ("author", "admin_person"),
    "freeze": ("author", "admin_person"),
}


def test_what_is_posted_to_packs_is_for_their_owners_and_admins(author, request):
    world = make_world(slug="store", version=1, prompts={"clerk": "You are a clerk."})
    freeze_one(author, world)
    make_revision(make_task(author, world, "second", title="Second"), "approved")
    people = {name: request.getfixturevalue(name) for name in PEOPLE[1:]}
    clients = {name: Client() for name in PEOPLE}
    for name, person in people.items():
        clients[name].force_login(person)

    for name, allowed in PACK_POSTS.items():
        url = reverse(f"packs:{name}", args=["basics"])
        data = {"title": "Basics", "licence": "MIT", "tasks": "second"}
        refused = {who: clients[who].post(url, data).status_code for who in PEOPLE[1:-1]}
        refused.pop("author")
        assert set(refused.values()) == {404}, name
        answers = {who: clients[who].post(url, data).status_code for who in allowed}
        assert set(answers.values()) <= {303, 422}, name
    assert Client().post(reverse("packs:freeze", args=["basics"])).status_code == 302
    assert clients["charlie"].post(reverse("packs:new"), {"title": "Mine"}).status_code == 404
    assert clients["runner"].post(reverse("packs:new"), {"title": "Mine"}).status_code == 404
    assert clients["reviewer"].post(reverse("packs:new"), {"title": "Mine"}).status_code == 303
