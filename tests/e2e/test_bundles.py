"""A bundle is uploaded, looked at and brought in, with a browser."""

import pytest
from django.contrib.auth.models import Group

from authoring.models import PackVersion, Task
from simulation import roles
from simulation.models import Upload
from tests.authoring.bundles.elsewhere import empty
from tests.authoring.bundles.made import approve, bundle_of, make_version, zipped
from tests.authoring.tasks import make_task
from tests.e2e.conftest import axe
from tests.e2e.ways import width_of
from tests.factories import make_user, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def data(runner):
    runner.groups.add(Group.objects.get_or_create(name=roles.ADMIN)[0])
    author = make_user("alice", roles.AUTHOR)
    world = make_world(owner=author, slug="store", version=1, prompts={"clerk": "You sell."})
    tasks = [make_task(author, world), make_task(author, world, "hold-lamps")]
    files = bundle_of(make_version(author, [approve(tasks[0]), approve(tasks[1], "heldout")]))
    empty()
    return zipped(files)


def test_a_bundle_is_looked_at_and_imported_by_keyboard(visit, data, tmp_path):
    (tmp_path / "lamps.zip").write_bytes(data)
    page = visit("/packs/import/", width=390)
    findings = axe(page)
    page.locator("#id_archive").set_input_files(tmp_path / "lamps.zip")
    page.get_by_role("button", name="Look at it").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/packs/import/*/")

    page.get_by_text("ready to import").wait_for()
    assert width_of(page) <= 390
    findings += axe(page)
    assert not Task.objects.exists()
    page.get_by_role("button", name="Import and approve").focus()
    page.keyboard.press("Enter")
    page.get_by_text("lamps.zip was imported").wait_for()

    assert str(PackVersion.objects.get()) == "lamps@1"
    assert not Upload.objects.exists()
    assert findings == []
