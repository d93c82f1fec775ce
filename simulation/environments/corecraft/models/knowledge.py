"""What support can look up: the company's policies and the articles of the knowledge base."""

from typing import Annotated

from django.db import models

from simulation.fields import Reference, ValueField
from simulation.models import Entity
from simulation.values import Id, Ref


class CompanyPolicy(Entity):
    """A rule of the company, in force until another one supersedes it."""

    updated = None

    title = models.CharField(max_length=200)
    section = models.CharField(max_length=200)
    body = models.TextField(blank=True, help_text="Markdown")
    effective_from = models.DateField()
    superseded_by = Reference("CompanyPolicy", null=True, blank=True)
    created_at = models.DateTimeField(null=True, blank=True)

    class Meta(Entity.Meta):
        verbose_name_plural = "company policies"


class KnowledgeBaseArticle(Entity):
    """Something that support knows about products and procedures."""

    title = models.CharField(max_length=200)
    body = models.TextField(blank=True, help_text="Markdown")
    tags = ValueField(list[str])
    products_mentioned = ValueField(list[Annotated[Id, Ref("product")]])
    version = models.PositiveIntegerField()
    is_deprecated = models.BooleanField(help_text="kept for reference, no longer right")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True, blank=True)
