"""Addresses of importing criteria into a task's rubric."""

from django.urls import path

from authoring.rubric_imports import views

app_name = "rubric_import"
urlpatterns = [path("", views.choose, name="choose")]
