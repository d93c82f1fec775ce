"""The servers, the few people and the worlds that tests share."""

import gc
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.commands import flush
from django.db import OperationalError, connection
from psycopg.errors import DeadlockDetected

from config import embedded
from simulation import roles
from simulation.models import World
from simulation.snapshots import Snapshot
from simulation.state import WorldState
from tests.factories import make_snapshot, make_user, make_world
from tests.model_server import ModelServer
from tests.workers import Queue, Worker

hypothesis.settings.register_profile("default", deadline=None, max_examples=120)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=2000)
hypothesis.settings.load_profile("default")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "processes: runs and kills real workers")
    if not config.option.collectonly:
        embedded.hold(settings.VAR, embedded.missing_servers())


# besides those in a browser: a file goes to one worker as a whole, and none should begin one of
# these when the others are about to end
LONG_FILES = (
    *("test_second_company", "test_task_matrix", "test_embedded", "test_supervisor"),
    *("test_chaos", "test_surviving"),
    *("test_workers", "test_killed_workers", "test_permissions", "test_library_strength"),
    *("test_library_fairness", "test_regrading", "test_task_queries"),
    *("test_lists_in_text", "test_bench", "test_hostile_answers"),
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deal out to several workers what takes long, then files of many tests, then the rest."""
    for item in items:
        if item.path.parent.name == "e2e" or item.get_closest_marker("processes"):
            item.add_marker(pytest.mark.flaky(reruns=1))  # CONTRIBUTING.md says why
    if not hasattr(config, "workerinput"):
        return
    sizes = Counter(item.path for item in items)
    places = {path: place for place, path in enumerate(sizes)}

    def rank(item: pytest.Item) -> tuple[bool, int, int]:
        is_long = item.path.parent.name == "e2e" or item.path.stem in LONG_FILES
        return not is_long, -sizes[item.path], places[item.path]

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """Keep what was collected out of every later search for garbage: it lives to the end anyway."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let what hostile tests logged travel between processes, which take no half characters."""
    report = yield
    report.sections = [
        (name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections
    ]
    return report


# what a flush would write into them again: that takes longer than all the rest of it
KEPT_TABLES = {"django_content_type", "auth_permission"}


def delete_all(style: Any, tables: list[str], **options: Any) -> list[str]:
    """Give the SQL of a flush that deletes rows: a truncated table's files are all made anew.

    As when truncating, other sessions are waited for, and nothing that guards rows is asked.
    """
    names = [connection.ops.quote_name(name) for name in tables if name not in KEPT_TABLES]
    return [
        f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE",
        "SET LOCAL session_replication_role = replica",
        "; ".join(f"DELETE FROM {name}" for name in names),
    ]


def say_nothing(*_: object) -> None:
    """Let nobody look whether KEPT_TABLES are complete: nothing was deleted there."""


def flush_again(execute: Callable[[list[str]], None], statements: list[str]) -> None:
    """Flush, and once more when a late request of a browser held what this waited for."""
    for _ in range(3):
        try:
            return execute(statements)
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
    return execute(statements)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """End sessions that a browser's last requests left behind: the database is dropped next."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')")
        if cursor.fetchone() == ("on",):
            connection.ops.sql_flush = delete_all
            flush.emit_post_migrate_signal = say_nothing
    connection.ops.execute_sql_flush = partial(flush_again, connection.ops.execute_sql_flush)
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def author(db: None) -> User:
    return make_user("alice", roles.AUTHOR)


@pytest.fixture
def reviewer(db: None) -> User:
    return make_user("bob", roles.REVIEWER)


@pytest.fixture
def runner(db: None) -> User:
    return make_user("ruth", roles.RUNNER)


@pytest.fixture
def analyst(db: None) -> User:
    return make_user("anna", roles.ANALYST)


@pytest.fixture
def admin_person(db: None) -> User:
    return make_user("adam", roles.ADMIN)


@pytest.fixture
def charlie(db: None) -> User:
    """Somebody who is signed in and has no role."""
    return make_user("charlie")


@pytest.fixture(scope="session")
def store() -> Snapshot:
    """The small store of tests.factories in memory; its rows refuse to be changed."""
    return make_snapshot()


@pytest.fixture
def state(store: Snapshot) -> WorldState:
    """A fresh clone of the small store."""
    return WorldState(store)


@pytest.fixture
def mock_world(db: None) -> World:
    """The small store, published."""
    return make_world()


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    """A model's server that answers as the test says."""
    with ModelServer() as server:
        yield server


@pytest.fixture
def queue() -> Iterator[Queue]:
    """The real queue, empty before and after."""
    queue = Queue()
    queue.purge()
    yield queue
    queue.purge()


@pytest.fixture
def start_worker(transactional_db: None, queue: Queue) -> Iterator[Callable[[], Worker]]:
    """Start real Celery workers on the test database; none outlives the test."""
    workers: list[Worker] = []

    def start(**environment: str) -> Worker:
        workers.append(Worker(environment))
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()
