"""What PostgreSQL itself refuses: changing what is frozen, pointing out of a world."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from simulation import worlds
from simulation.environments.mock_store.models import Item, Sale
from simulation.guards import maintenance
from simulation.models import Episode, MaintenanceUse, Snapshot, Step, World
from tests.factories import (
    LAMP,
    STORE,
    cancel,
    make_assessment,
    make_draft,
    make_ended,
    make_episode,
    make_world,
)

pytestmark = pytest.mark.django_db


def sql(statement, *parameters):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refused(statement, *parameters, reason):
    with pytest.raises(IntegrityError, match=reason):
        sql(statement, *parameters)


# a published world

SALE_COLUMNS = "key, buyer, lines, status, created_at"
TOUCHING_ROWS = {
    "insert": (
        "INSERT INTO mock_store_item (world_id, key, name, price, in_stock, note)"
        " VALUES (%(world)s, 'pen', 'Pen', 1, 1, '')"
    ),
    "insert from another world": (
        f"INSERT INTO mock_store_sale (world_id, {SALE_COLUMNS})"
        f" SELECT %(world)s, 'x' || {SALE_COLUMNS} FROM mock_store_sale WHERE world_id = %(draft)s"
    ),
    "update": "UPDATE mock_store_item SET in_stock = 0 WHERE world_id = %(world)s",
    "update without a difference": (
        "UPDATE mock_store_item SET name = name WHERE world_id = %(world)s"
    ),
    "upsert": (
        "INSERT INTO mock_store_item (world_id, key, name, price, in_stock, note)"
        " VALUES (%(world)s, 'lamp', 'Pen', 1, 1, '')"
        " ON CONFLICT (world_id, key) DO UPDATE SET name = 'Pen'"
    ),
    "delete": "DELETE FROM mock_store_item WHERE world_id = %(world)s AND key = 'chair'",
    "move away": (
        "UPDATE mock_store_sale SET world_id = %(draft)s, key = 'moved'"
        " WHERE world_id = %(world)s AND key = 'sale-250901-002'"
    ),
    "move in": (
        "UPDATE mock_store_sale SET world_id = %(world)s, key = 'moved'"
        " WHERE world_id = %(draft)s AND key = 'sale-250901-002'"
    ),
}
TOUCHING_THE_WORLD = {
    "clock": "UPDATE simulation_world SET now = now + interval '1 day' WHERE id = %(world)s",
    "prompts": "UPDATE simulation_world SET prompts = '[1]' WHERE id = %(world)s",
    "slug": "UPDATE simulation_world SET slug = 'other' WHERE id = %(world)s",
    "back to draft": (
        "UPDATE simulation_world SET status = 'draft', snapshot_id = NULL, published_at = NULL"
        " WHERE id = %(world)s"
    ),
    "title and more": "UPDATE simulation_world SET title = 'x', version = 9 WHERE id = %(world)s",
    "id": "UPDATE simulation_world SET id = id + 1000 WHERE id = %(world)s",
    "owner": "UPDATE simulation_world SET owner_id = owner_id + 1 WHERE id = %(world)s",
    "delete": "DELETE FROM simulation_world WHERE id = %(world)s",
}


@pytest.fixture
def draft(db):
    draft = make_draft()
    worlds.import_entities(draft, STORE)
    return draft


@pytest.mark.parametrize("statement", TOUCHING_ROWS.values(), ids=TOUCHING_ROWS)
def test_no_statement_changes_the_rows_of_a_published_world(mock_world, draft, statement):
    before = worlds.dump_world(mock_world)

    with pytest.raises(IntegrityError, match=r"world store-\d+@1 is published"):
        sql(*bound(statement, mock_world, draft))

    assert worlds.dump_world(mock_world) == before


@pytest.mark.parametrize("statement", TOUCHING_THE_WORLD.values(), ids=TOUCHING_THE_WORLD)
def test_a_published_world_itself_never_changes(mock_world, draft, statement):
    with pytest.raises(IntegrityError, match=r"simulation_world \d+ is final"):
        sql(*bound(statement, mock_world, draft))


def bound(statement, world, draft):
    names = {"world": world.pk, "draft": draft.pk}
    values = [names[part.split(")")[0]] for part in statement.split("%(")[1:]]
    return statement.replace("%(world)s", "%s").replace("%(draft)s", "%s"), *values


def test_only_the_title_of_a_published_world_may_change(mock_world):
    World.objects.filter(pk=mock_world.pk).update(title="A better name")

    assert World.objects.get().title == "A better name"


def test_the_orm_is_refused_like_everybody_else(mock_world):
    item = Item.objects.get(world=mock_world, key="lamp")
    item.in_stock = 0

    with pytest.raises(IntegrityError, match="its mock_store_item rows never change"):
        item.save()


def test_rows_of_a_draft_may_change(draft):
    sql("UPDATE mock_store_item SET in_stock = 0 WHERE world_id = %s", draft.pk)
    sql("DELETE FROM mock_store_sale WHERE world_id = %s", draft.pk)

    assert set(Item.objects.values_list("in_stock", flat=True)) == {0}


def test_a_draft_becomes_published_only_with_a_snapshot(draft):
    refused(
        "UPDATE simulation_world SET status = 'published' WHERE id = %s",
        draft.pk,
        reason="world_snapshot_iff_published",
    )


# references


def test_a_row_cannot_refer_to_a_row_of_another_world(draft):
    other = make_draft()
    worlds.import_entities(other, STORE)
    theirs = Sale.objects.get(world=other, key="sale-250901-001")

    refused(
        "UPDATE mock_store_sale SET replaces_id = %s WHERE world_id = %s AND key = %s",
        theirs.pk, draft.pk, "sale-250901-002", reason="same_world",
    )  # fmt: skip


def test_a_row_cannot_refer_to_a_row_of_a_published_world(draft, mock_world):
    theirs = Sale.objects.filter(world=mock_world).first()

    refused(
        "UPDATE mock_store_sale SET replaces_id = %s WHERE world_id = %s",
        theirs.pk, draft.pk, reason="same_world",
    )  # fmt: skip


def test_a_row_that_is_referred_to_cannot_leave_its_world(draft):
    other = make_draft()

    refused(
        "UPDATE mock_store_sale SET world_id = %s WHERE world_id = %s AND key = %s",
        other.pk, draft.pk, "sale-250901-001", reason="foreign key",
    )  # fmt: skip


def test_a_row_that_is_referred_to_cannot_be_deleted(draft):
    refused(
        "DELETE FROM mock_store_sale WHERE world_id = %s AND key = 'sale-250901-001'",
        draft.pk,
        reason="foreign key",
    )


def test_an_id_stands_once_in_a_world(draft):
    with pytest.raises(IntegrityError, match="mock_store_item_key_once"), transaction.atomic():
        Item.objects.create(world=draft, key="lamp", name="Pen", price=1, in_stock=1)


# rows that are written once


def make_rows():
    """Give one row of every table that is written once, by name."""
    assessment = make_assessment()
    verdict = assessment.verdicts.create(criterion_key="k", outcome="met", source="check")
    episode = assessment.rollout.episode
    step = Step.objects.create(episode=episode, started_at=timezone.now(), **STEP)
    snapshot, rubric = Snapshot.objects.get(), assessment.rubric
    return {"snapshot": snapshot, "rubric": rubric, "verdict": verdict, "step": step}


STEP = {"index": 0, "turn": 0, "kind": "user"}
CHANGES = {
    "snapshot": {"size": 1},
    "rubric": {"content": {}},
    "verdict": {"outcome": "not_met"},
    "step": {"content": "other"},
}


@pytest.mark.parametrize("name", CHANGES)
def test_rows_that_are_written_once_are_never_changed(name):
    row = make_rows()[name]

    with pytest.raises(IntegrityError, match="written once and never changed"):
        type(row).objects.filter(pk=row.pk).update(**CHANGES[name])


@pytest.mark.parametrize("name", CHANGES)
def test_rows_that_are_written_once_are_never_deleted(name):
    row = make_rows()[name]

    refused(f"DELETE FROM {row._meta.db_table}", reason="written once and never changed")


# maintenance


def test_maintenance_is_the_way_round_and_leaves_a_trace(mock_world, admin_person):
    with maintenance("a wrong price", actor=admin_person):
        Item.objects.filter(world=mock_world, key="lamp").update(price=2)

    assert Item.objects.get(key="lamp").price == 2
    use = MaintenanceUse.objects.get()
    assert (use.reason, use.actor) == ("a wrong price", admin_person)


def test_after_maintenance_the_guards_stand_again(mock_world):
    with maintenance("look"):
        pass

    refused("UPDATE mock_store_item SET in_stock = 0", reason="is published")


def test_after_maintenance_that_failed_the_guards_stand_and_nothing_changed(mock_world):
    with pytest.raises(IntegrityError), maintenance("try"):
        sql("UPDATE mock_store_item SET in_stock = 0, price = NULL")

    assert Item.objects.get(key="lamp").in_stock == LAMP["inStock"]
    refused("UPDATE mock_store_item SET in_stock = 0", reason="is published")


def test_maintenance_inside_maintenance_does_not_end_the_outer_one(mock_world):
    with maintenance("outer"):
        with maintenance("inner"):
            pass
        Item.objects.update(in_stock=0)

    assert MaintenanceUse.objects.count() == 2


@pytest.mark.parametrize("name", CHANGES)
def test_a_data_migration_may_change_what_is_written_once(name):
    row = make_rows()[name]

    with maintenance("a new form"):
        type(row).objects.filter(pk=row.pk).update(**CHANGES[name])

    (field,) = CHANGES[name]
    assert type(row).objects.values_list(field, flat=True).get() == CHANGES[name][field]


def test_retention_may_delete_verdicts_and_steps():
    rows = make_rows()

    with maintenance("retention"):
        rows["verdict"].delete()
        rows["step"].delete()

    assert not Step.objects.exists()


# episodes


@pytest.mark.parametrize(
    "change",
    [
        {"spec": {}},
        {"agent": {"kind": "null"}},
        {"created_at": timezone.now()},
        {"world": make_world},
        {"owner": lambda: make_world().owner},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_an_episode_is_asked_never_changes(change):
    episode = make_episode()
    values = {name: value() if callable(value) else value for name, value in change.items()}

    with pytest.raises(IntegrityError, match=r"simulation_episode\.\w+ never changes"):
        Episode.objects.filter(pk=episode.pk).update(**values)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "queued", "ended_at": None, "stop_reason": ""},
        {"state_hash": "f" * 64},
        {"final_response": "other"},
        {"step_count": 5},
        {"lease": 9},
        {"stop_reason": "gave_up"},
        {"cost": 1},
    ],
)
def test_an_ended_episode_never_changes(change):
    episode = make_ended()

    with pytest.raises(IntegrityError, match=rf"simulation_episode {episode.pk} is final"):
        Episode.objects.filter(pk=episode.pk).update(**change)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "queued", "ended_at": None, "stop_reason": ""},
        {"status": "ended", "state_hash": "f" * 64},
        {"final_response": "other"},
        {"lease": 9},
        {"stop_reason": "gave_up"},
        {"stop_detail": "because"},
        {"ended_at": timezone.now()},
    ],
)
def test_of_a_cancelled_episode_nothing_changes_but_what_it_has_cost(change):
    episode = make_episode()
    cancel(episode.pk)
    Episode.objects.filter(pk=episode.pk).update(step_count=1, cost=1, usage={"prompt": 7})

    with pytest.raises(IntegrityError, match=rf"simulation_episode {episode.pk} is final"):
        Episode.objects.filter(pk=episode.pk).update(**change)


def test_a_cancelled_episode_is_never_deleted():
    cancel(make_episode().pk)

    refused("DELETE FROM simulation_episode", reason="is final")


def test_an_ended_episode_is_never_deleted():
    make_ended()

    refused("DELETE FROM simulation_episode", reason="is final")


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"status": "ended"}, "episode_ended_at_iff_over"),
        ({"ended_at": timezone.now()}, "episode_ended_at_iff_over"),
        ({"stop_reason": "done"}, "episode_stop_reason_iff_over"),
        (
            {"status": "ended", "ended_at": timezone.now(), "stop_reason": "done"},
            "episode_hash_when_ended",
        ),
        ({"status": "running"}, "episode_running_has_lease"),
    ],
)
def test_states_of_an_episode_that_make_no_sense_cannot_be_stored(values, constraint):
    episode = make_episode()

    with pytest.raises(IntegrityError, match=constraint):
        Episode.objects.filter(pk=episode.pk).update(**values)


def test_a_step_has_its_number_once_in_an_episode():
    episode = make_episode()
    Step.objects.create(episode=episode, started_at=timezone.now(), **STEP)

    with pytest.raises(IntegrityError, match="step_index_once"):
        Step.objects.create(episode=episode, started_at=timezone.now(), **STEP)
