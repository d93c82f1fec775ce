from django.urls import path

from authoring.listing import views

app_name = "tasks"
urlpatterns = [path("", views.tasks, name="list")]
