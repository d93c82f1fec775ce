from django.db import migrations

from simulation.guards import GuardEntity


class Migration(migrations.Migration):
    dependencies = [("mock_store", "0001_store"), ("simulation", "0002_guards")]

    operations = [GuardEntity("Item"), GuardEntity("Sale")]
