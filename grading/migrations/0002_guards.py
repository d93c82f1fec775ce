from django.db import migrations

from simulation.guards import AppendOnly, FrozenColumns


class Migration(migrations.Migration):
    dependencies = [("grading", "0001_runs_and_verdicts"), ("simulation", "0002_guards")]

    operations = [
        AppendOnly("Rubric"),
        AppendOnly("Verdict"),
        AppendOnly("ReplacedEpisode"),
        FrozenColumns("Assessment", ["rollout_id", "rubric_id", "number"]),
        FrozenColumns("Rollout", ["run_id", "subject", "agent", "index", "group", "labels"]),
    ]
