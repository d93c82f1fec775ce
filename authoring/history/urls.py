from django.urls import path

from authoring.history import views

app_name = "history"
urlpatterns = [
    path("", views.page, name="page"),
    path("compare/", views.compare, name="compare"),
    path("name/", views.name, name="name"),
    path("resolve/", views.resolve, name="resolve"),
    path("<int:number>/restore/", views.restore_revision, name="restore"),
]
