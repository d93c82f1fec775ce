from django.apps import AppConfig


class CoreCraftConfig(AppConfig):
    name = "simulation.environments.corecraft"
    label = "corecraft"
    verbose_name = "CoreCraft"
