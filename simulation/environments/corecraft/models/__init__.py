# Pages list the entity types in the order in which they are defined.
# isort: off
from simulation.environments.corecraft.models.people import Customer, Employee, LoyaltyTier
from simulation.environments.corecraft.models.products import Product
from simulation.environments.corecraft.models.orders import Order, Payment, Refund, Shipment
from simulation.environments.corecraft.models.tickets import (
    CustomerMessage,
    Resolution,
    SupportTicket,
)
from simulation.environments.corecraft.models.knowledge import CompanyPolicy, KnowledgeBaseArticle
# isort: on

__all__ = [
    "CompanyPolicy",
    "Customer",
    "CustomerMessage",
    "Employee",
    "KnowledgeBaseArticle",
    "LoyaltyTier",
    "Order",
    "Payment",
    "Product",
    "Refund",
    "Resolution",
    "Shipment",
    "SupportTicket",
]
