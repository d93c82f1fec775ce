"""Addresses of models' endpoints. `new` is no name of one."""

from django.urls import path

from simulation.views import endpoints

app_name = "endpoints"
urlpatterns = [
    path("", endpoints.endpoints, name="list"),
    path("new/", endpoints.new, name="new"),
    path("<slug:name>/", endpoints.edit, name="edit"),
    path("<slug:name>/test/", endpoints.test, name="test"),
]
