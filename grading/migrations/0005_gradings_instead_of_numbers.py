import django.db.models.deletion
from django.db import migrations, models

from simulation.guards import AppendOnly, FrozenColumns

# a run's official grading is one of its own
OFFICIAL_OF_RUN = """
ALTER TABLE grading_run ADD CONSTRAINT grading_run_official_of_run
    FOREIGN KEY (official_id, id) REFERENCES grading_grading (id, run_id)
    DEFERRABLE INITIALLY DEFERRED
"""


class Migration(migrations.Migration):
    dependencies = [("grading", "0004_fill_gradings")]

    operations = [
        migrations.AlterField(
            model_name="assessment",
            name="grading",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessments",
                to="grading.grading",
            ),
        ),
        migrations.RemoveField(
            model_name="assessment",
            name="number",
        ),
        migrations.RemoveField(
            model_name="run",
            name="official_grading",
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(
                fields=("rollout", "grading"), name="assessment_once_a_grading"
            ),
        ),
        migrations.RunSQL(
            OFFICIAL_OF_RUN,
            "ALTER TABLE grading_run DROP CONSTRAINT grading_run_official_of_run",
        ),
        FrozenColumns("Assessment", ["rollout_id", "rubric_id", "grading_id"]),
        FrozenColumns(
            "Grading",
            ["run_id", "number", "purpose", "rubrics", "reason", "scope", "key", "asked_by_id"],
        ),
        AppendOnly("Withdrawal"),
        AppendOnly("OfficialSwitch"),
        AppendOnly("FailureNote"),
        AppendOnly("TaskReportEvent"),
        FrozenColumns(
            "TaskReport",
            ["rollout_id", "task", "criterion_key", "fault", "text", "reporter_id", "created_at"],
        ),
    ]
