from django.db import migrations
from django.db.models import OuterRef, Subquery


def give_runs_their_gradings(apps, schema_editor):
    """Make a row of each grading number there is, and point assessments and runs at it."""
    assessments, gradings, runs = _tables(apps)
    of_run = "rollout__run", "number", "rollout__run__owner"
    numbers = set(assessments.order_by().values_list(*of_run).distinct())
    numbers |= set(runs.values_list("pk", "official_grading", "owner"))
    gradings.bulk_create(
        (
            gradings.model(run_id=run, number=number, asked_by_id=owner, rubrics="as launched")
            for run, number, owner in sorted(numbers)
        ),
        batch_size=1000,
    )
    made = runs.filter(pk=OuterRef("run"))
    gradings.update(created_at=Subquery(made.values("created_at")))
    of_number = gradings.filter(run__rollouts=OuterRef("rollout"), number=OuterRef("number"))
    assessments.update(grading=Subquery(of_number.values("pk")[:1]))
    official = gradings.filter(run=OuterRef("pk"), number=OuterRef("official_grading"))
    runs.update(official=Subquery(official.values("pk")[:1]))


def give_numbers_back(apps, schema_editor):
    assessments, gradings, runs = _tables(apps)
    number = gradings.filter(pk=OuterRef("grading")).values("number")
    assessments.update(number=Subquery(number), grading=None)
    number = gradings.filter(pk=OuterRef("official")).values("number")
    runs.update(official_grading=Subquery(number), official=None)
    gradings.delete()


def _tables(apps):
    models = (apps.get_model("grading", name) for name in ("Assessment", "Grading", "Run"))
    return (model.objects.all() for model in models)


class Migration(migrations.Migration):
    dependencies = [("grading", "0003_gradings_and_people")]

    operations = [migrations.RunPython(give_runs_their_gradings, give_numbers_back)]
