"""The guide for authors: what makes a good task, and each kind of check with an example."""

from django.urls import path

from authoring.guide import views

app_name = "guide"
urlpatterns = [
    path("", views.text, {"name": "good-task"}, name="index"),
    path("criteria/", views.criteria, name="criteria"),
    path("checks/", views.checks, name="checks"),
    path("checks/<slug:kind>/", views.check, name="check"),
    path("lint/", views.lint, name="lint"),
    path("review/", views.text, {"name": "review"}, name="review"),
    path("keys/", views.text, {"name": "keys"}, name="keys"),
]
