from django.urls import path

from authoring.listing import begin_views, views

app_name = "tasks"
urlpatterns = [
    path("", views.tasks, name="list"),
    path("new/", begin_views.new, name="new"),
    path("bulk/", views.bulk, name="bulk"),
    path("bulk/undo/", views.undo_last, name="undo"),
    path("<slug:slug>/duplicate/", begin_views.duplicate, name="duplicate"),
    path("<slug:slug>/retire/", views.retire_task, name="retire"),
    path("<slug:slug>/bring-back/", views.bring_task_back, name="bring_back"),
]
