from django.db import migrations

ROLES = ("author", "reviewer", "runner", "analyst", "admin")


def make_groups(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    for role in ROLES:
        Group.objects.get_or_create(name=role)


class Migration(migrations.Migration):
    """The roles are groups; going back leaves them, because people may be in them."""

    dependencies = [
        ("simulation", "0002_guards"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
