"""Tasks of packs are played once: kept for every process, filled by approval, bounded in time."""

import pytest
from redis.exceptions import ConnectionError as NoConnection

from authoring.models import Revision
from authoring.packs import facts, kept
from authoring.packs.check_lines import checks_of
from authoring.packs.checking import check_pack
from authoring.packs.chosen import chosen_in, worlds_of
from authoring.packs.composing import add_tasks
from authoring.packs.freezing import freeze_pack
from authoring.reviewing.judging import approve
from authoring.reviewing.submission import submit
from simulation.errors import Conflict
from tests.authoring.folders import CRITERIA
from tests.authoring.packs.conftest import PROMPTS
from tests.authoring.reviewing.conftest import examine
from tests.authoring.tasks import make_task

pytestmark = pytest.mark.django_db
KNOWN = 4  # queries of a check that reads no content
BOUGHT = {"buyer": "dee", "lines": [], "status": "open"}
NAMELESS = {"op": "create", "entity_type": "sale", "fields": BOUGHT}


def forget():
    """Go on as another process."""
    facts._known.clear()


def test_what_one_process_played_no_other_plays_again(filled, author, django_assert_num_queries):
    first = check_pack(filled, by=author)
    forget()

    with django_assert_num_queries(KNOWN):
        assert check_pack(filled, by=author) == first


def test_other_code_plays_everything_again(filled, author, monkeypatch, django_assert_num_queries):
    check_pack(filled, by=author)
    forget()
    monkeypatch.setattr(kept, "_code", lambda: "of-tomorrow")

    with django_assert_num_queries(KNOWN + 1):
        check_pack(filled, by=author)


def test_approval_leaves_nothing_to_play(
    pack, store_world, author, reviewer, django_assert_num_queries
):
    revision = submit(make_task(author, store_world, "lamps"), by=author)
    examine(revision, reviewer)
    approve(revision, by=reviewer)
    add_tasks(pack, ["lamps"], by=author)
    forget()

    with django_assert_num_queries(KNOWN):
        assert check_pack(pack, by=author, seconds=0).waiting == 0


def test_without_a_cache_tasks_are_played_all_the_same(filled, author, settings):
    backend = settings.CACHES["default"]
    settings.CACHES = {"default": {**backend, "LOCATION": "redis://127.0.0.1:1/0"}}
    with pytest.raises(NoConnection):
        kept.cache.get("anything")

    assert check_pack(filled, by=author).can_freeze


def test_a_look_plays_some_and_the_next_look_goes_on(filled, author):
    reports = [check_pack(filled, by=author, seconds=0) for _ in range(4)]

    assert [report.waiting for report in reports] == [3, 2, 1, 0]
    assert [report.can_freeze for report in reports] == [False, False, False, True]
    assert not any(p.check == "world" for report in reports for p in report.problems)
    said = checks_of(reports[1])
    assert (said.headline, said.is_waiting) == ("2 of 4 tasks played so far.", True)
    assert not checks_of(reports[3]).is_waiting


def test_nothing_is_frozen_before_all_is_played(filled, author):
    with pytest.raises(Conflict, match="3 tasks are still to be played"):
        freeze_pack(filled, by=author, seconds=0)

    assert str(freeze_pack(filled, by=author)) == "basics@1"


@pytest.mark.parametrize(("count", "lines"), [(3, 3), (4, 1)])
def test_many_findings_of_one_kind_are_one_line(count, lines, pack, approved, author):
    slugs = list(PROMPTS)[:count]
    for number, slug in enumerate(slugs):
        criterion = {**CRITERIA[0], "key": f"criterion-{number}"}
        approved(slug, rubric=[criterion], reference=[{"message": "No."}], prompt=PROMPTS[slug])
    add_tasks(pack, slugs, by=author)

    lines_said = checks_of(check_pack(pack, by=author)).lines
    found = [line for line in lines_said if "is not_met" in str(line)]

    assert len(found) == lines
    assert sum(len(line.parts) or 1 for line in found) == count
    if lines == 1:
        assert found[0].text == (
            "4 findings: tasks whose reference does not pass, or whose near-miss does."
        )


def test_a_created_row_without_an_id_is_no_row_that_tasks_share(pack, approved, author):
    approved("lamps", setup=[NAMELESS])
    add_tasks(pack, ["lamps"], by=author)
    chosen = chosen_in(pack)

    (known,) = facts.facts_of(chosen, worlds_of(chosen)).values()

    assert Revision.objects.get().value.setup[0].get("id") is None
    assert known.problems == ()
    assert not any(key in ("", "None") for _, key in known.rows)
