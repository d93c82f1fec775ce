from django.db import migrations

from simulation.guards import GuardEntity


class Migration(migrations.Migration):
    dependencies = [("corecraft", "0001_first_entity_types"), ("simulation", "0002_guards")]

    operations = [
        GuardEntity("Customer"),
        GuardEntity("Employee"),
        GuardEntity("LoyaltyTier"),
        GuardEntity("Product"),
        GuardEntity("Order"),
        GuardEntity("Payment"),
        GuardEntity("Shipment"),
        GuardEntity("Refund"),
        GuardEntity("SupportTicket"),
        GuardEntity("Resolution"),
        GuardEntity("CompanyPolicy"),
        GuardEntity("KnowledgeBaseArticle"),
        GuardEntity("CustomerMessage"),
    ]
