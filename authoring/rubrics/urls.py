from django.urls import path

from authoring.rubrics import views

app_name = "rubric"
urlpatterns = [path("", views.page, name="page")]
