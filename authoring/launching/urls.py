"""Addresses of launches."""

from django.urls import path

from authoring.launching import views

app_name = "launch"
urlpatterns = [
    path("new/", views.new, name="new"),
    path("launch/", views.launch_now, name="launch"),
]
