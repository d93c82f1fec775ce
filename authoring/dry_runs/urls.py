from django.urls import path

from authoring.dry_runs import views

app_name = "dry_run"
urlpatterns = [
    path("", views.page, name="page"),
    path("strip/", views.strip, name="strip"),
    path("start/", views.start, name="start"),
    path("past/", views.past, name="past"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/decide/", views.decide, name="decide"),
]
