# Pages list the entity types in the order in which they are defined.
# isort: off
from simulation.environments.corecraft.models.people import Customer, Employee, LoyaltyTier
from simulation.environments.corecraft.models.products import (
    Build,
    CompatibilityRule,
    InventoryLevel,
    Product,
)
from simulation.environments.corecraft.models.orders import (
    Order,
    Payment,
    Promotion,
    Refund,
    Shipment,
)
from simulation.environments.corecraft.models.tickets import (
    CustomerMessage,
    Resolution,
    SupportTicket,
)
from simulation.environments.corecraft.models.desk import Escalation, SlackChannel, SlackMessage
from simulation.environments.corecraft.models.rules import Sla, WarrantyClaim, WarrantyPolicy
from simulation.environments.corecraft.models.knowledge import CompanyPolicy, KnowledgeBaseArticle
# isort: on

__all__ = [
    "Build",
    "CompanyPolicy",
    "CompatibilityRule",
    "Customer",
    "CustomerMessage",
    "Employee",
    "Escalation",
    "InventoryLevel",
    "KnowledgeBaseArticle",
    "LoyaltyTier",
    "Order",
    "Payment",
    "Product",
    "Promotion",
    "Refund",
    "Resolution",
    "Shipment",
    "Sla",
    "SlackChannel",
    "SlackMessage",
    "SupportTicket",
    "WarrantyClaim",
    "WarrantyPolicy",
]
