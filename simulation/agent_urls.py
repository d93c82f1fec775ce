"""Addresses of agents that models play. `new` is no name of one."""

from django.urls import path

from simulation.views import agents

app_name = "agents"
urlpatterns = [
    path("", agents.agents, name="list"),
    path("new/", agents.new, name="new"),
    path("<slug:name>/", agents.agent, name="agent"),
    path("<slug:name>/<int:version>/try/", agents.try_, name="try"),
    path("<slug:name>/<int:version>/retire/", agents.retire, name="retire"),
    path("<slug:name>/<int:version>/bring-back/", agents.bring_back, name="bring_back"),
]
