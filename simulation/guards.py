"""Migration operations: what PostgreSQL itself refuses.

That is changing what is frozen, and pointing out of a world.

Refusals are integrity errors. The one way round is `maintenance()`, which leaves a trace.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.migrations.operations.base import Operation

from simulation.fields import Reference

if TYPE_CHECKING:
    from django.contrib.auth.models import User

FUNCTIONS = """
CREATE OR REPLACE FUNCTION eg_maintenance() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT coalesce(current_setting('eg.maintenance', true), '') = 'on' $$;

CREATE OR REPLACE FUNCTION eg_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF eg_maintenance() THEN RETURN coalesce(NEW, OLD); END IF;
    RAISE EXCEPTION '% rows are written once and never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE OR REPLACE FUNCTION eg_entity_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    frozen text;
    worlds bigint[] := ARRAY[]::bigint[];
BEGIN
    IF eg_maintenance() THEN RETURN coalesce(NEW, OLD); END IF;
    IF TG_OP <> 'INSERT' THEN worlds := worlds || OLD.world_id; END IF;
    IF TG_OP <> 'DELETE' THEN worlds := worlds || NEW.world_id; END IF;
    PERFORM 1 FROM simulation_world WHERE id = ANY (worlds) FOR SHARE;
    SELECT slug || '@' || version INTO frozen
        FROM simulation_world WHERE id = ANY (worlds) AND status = 'published' LIMIT 1;
    IF frozen IS NOT NULL THEN
        RAISE EXCEPTION 'world % is published: its % rows never change', frozen, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

CREATE OR REPLACE FUNCTION eg_frozen_columns() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb := to_jsonb(NEW);
    name text;
BEGIN
    IF eg_maintenance() THEN RETURN NEW; END IF;
    FOREACH name IN ARRAY TG_ARGV LOOP
        IF old_row -> name IS DISTINCT FROM new_row -> name THEN
            RAISE EXCEPTION '%.% never changes', TG_TABLE_NAME, name
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION eg_frozen_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF eg_maintenance() THEN RETURN coalesce(NEW, OLD); END IF;
    IF TG_OP = 'UPDATE' AND TG_NARGS > 0
            AND to_jsonb(OLD) - TG_ARGV::text[] = to_jsonb(NEW) - TG_ARGV::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% % is final: it never changes', TG_TABLE_NAME, OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

DROP_FUNCTIONS = """
DROP FUNCTION eg_frozen_row(); DROP FUNCTION eg_frozen_columns(); DROP FUNCTION eg_entity_guard();
DROP FUNCTION eg_append_only(); DROP FUNCTION eg_maintenance();
"""


class Guard(Operation):
    """SQL on the table of one model, undone by its reverse."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        for statement in [*self.undo(model), *self.do(model)]:
            schema_editor.execute(statement)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        for statement in self.undo(model):
            schema_editor.execute(statement)

    def describe(self) -> str:
        return f"{type(self).__name__} on {self.model_name}"

    def do(self, model: Any) -> Iterable[str]:
        raise NotImplementedError

    def undo(self, model: Any) -> Iterable[str]:
        raise NotImplementedError


class GuardEntity(Guard):
    """Keep references inside the world, and the rows of a published world frozen.

    Repeat the operation in the migration that adds a reference.
    """

    def do(self, model: Any) -> Iterable[str]:
        table = model._meta.db_table
        for field in _references(model):
            yield (
                f'ALTER TABLE "{table}" ADD CONSTRAINT "{_constraint(model, field)}"'
                f' FOREIGN KEY (world_id, "{field.column}")'
                f' REFERENCES "{field.remote_field.model._meta.db_table}" (world_id, id)'
                " DEFERRABLE INITIALLY DEFERRED"
            )
        yield (
            f'CREATE TRIGGER eg_published BEFORE INSERT OR UPDATE OR DELETE ON "{table}"'
            " FOR EACH ROW EXECUTE FUNCTION eg_entity_guard()"
        )

    def undo(self, model: Any) -> Iterable[str]:
        table = model._meta.db_table
        for field in _references(model):
            yield f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{_constraint(model, field)}"'
        yield f'DROP TRIGGER IF EXISTS eg_published ON "{table}"'


class AppendOnly(Guard):
    """Rows are inserted and never changed or deleted."""

    def do(self, model: Any) -> Iterable[str]:
        yield (
            f'CREATE TRIGGER eg_append_only BEFORE UPDATE OR DELETE ON "{model._meta.db_table}"'
            " FOR EACH ROW EXECUTE FUNCTION eg_append_only()"
        )

    def undo(self, model: Any) -> Iterable[str]:
        yield f'DROP TRIGGER IF EXISTS eg_append_only ON "{model._meta.db_table}"'


class FrozenColumns(Guard):
    """Some columns keep the value that they were born with.

    It looks at statements that name one of them: to compare a row is to read its long values, and
    then the update writes them once more.
    """

    def __init__(self, model_name: str, columns: Sequence[str]) -> None:
        super().__init__(model_name)
        self.columns = columns

    def do(self, model: Any) -> Iterable[str]:
        arguments = ", ".join(f"'{column}'" for column in self.columns)
        names = ", ".join(f'"{column}"' for column in self.columns)
        yield (
            f"CREATE TRIGGER eg_frozen_columns BEFORE UPDATE OF {names}"
            f' ON "{model._meta.db_table}"'
            f" FOR EACH ROW EXECUTE FUNCTION eg_frozen_columns({arguments})"
        )

    def undo(self, model: Any) -> Iterable[str]:
        yield f'DROP TRIGGER IF EXISTS eg_frozen_columns ON "{model._meta.db_table}"'


class FrozenWhen(Guard):
    """A row is final once a condition on it holds, but for the columns named.

    name: of the trigger, where a table has several.
    """

    def __init__(
        self, model_name: str, condition: str, *, but: Sequence[str] = (), name: str = "eg_final"
    ) -> None:
        super().__init__(model_name)
        self.condition = condition
        self.but = but
        self.name = name

    def do(self, model: Any) -> Iterable[str]:
        arguments = ", ".join(f"'{column}'" for column in self.but)
        yield (
            f'CREATE TRIGGER {self.name} BEFORE UPDATE OR DELETE ON "{model._meta.db_table}"'
            f" FOR EACH ROW WHEN ({self.condition}) EXECUTE FUNCTION eg_frozen_row({arguments})"
        )

    def undo(self, model: Any) -> Iterable[str]:
        yield f'DROP TRIGGER IF EXISTS {self.name} ON "{model._meta.db_table}"'


@contextmanager
def maintenance(reason: str, *, actor: "User | None" = None) -> Iterator[None]:
    """Switch the guards off for one transaction, and record it: retention, data migrations."""
    from simulation.models import MaintenanceUse  # guards are imported by migrations before models

    with transaction.atomic():
        MaintenanceUse.objects.create(reason=reason, actor=actor)
        with connection.cursor() as cursor:
            cursor.execute("SELECT eg_maintenance()")
            (was_on,) = cursor.fetchone()
            cursor.execute("SET LOCAL eg.maintenance = 'on'")
        yield
        if not was_on:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL eg.maintenance = 'off'")


def _references(model: Any) -> list[Any]:
    return [field for field in model._meta.concrete_fields if isinstance(field, Reference)]


def _constraint(model: Any, field: Any) -> str:
    return f"{model._meta.db_table}_{field.column}_same_world"[-63:]
