from django.urls import path

from authoring.strength import views

app_name = "strength"
urlpatterns = [
    path("", views.page, name="page"),
    path("start/", views.start, name="start"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/<slug:mutant>/equivalent/", views.mark, name="mark"),
    path("<int:pk>/<slug:mutant>/counts/", views.take_back, name="unmark"),
]
