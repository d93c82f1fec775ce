from django.db import migrations

from simulation.guards import GuardEntity


class Migration(migrations.Migration):
    dependencies = [("corecraft", "0003_the_other_entity_types")]

    operations = [
        GuardEntity("Product"),
        GuardEntity("Order"),
        GuardEntity("SupportTicket"),
        GuardEntity("Build"),
        GuardEntity("CompatibilityRule"),
        GuardEntity("Escalation"),
        GuardEntity("InventoryLevel"),
        GuardEntity("Promotion"),
        GuardEntity("Sla"),
        GuardEntity("SlackChannel"),
        GuardEntity("SlackMessage"),
        GuardEntity("WarrantyClaim"),
        GuardEntity("WarrantyPolicy"),
    ]
