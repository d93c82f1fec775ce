"""Signing in by password; whoever is signed in is loaded with their roles, in one query."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from simulation.roles import remember_roles


class RoleBackend(ModelBackend):
    """The usual backend; every page asks for the roles, so they come with the person."""

    def get_user(self, user_id: int) -> User | None:
        groups = ArrayAgg("groups__name", filter=Q(groups__isnull=False), default=[])
        user = User.objects.annotate(group_names=groups).filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        remember_roles(user, user.group_names)
        return user
