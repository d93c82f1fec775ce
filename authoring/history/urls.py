from django.urls import path

from authoring.history import views

app_name = "history"
urlpatterns = [path("", views.page, name="page")]
