from django.urls import path

from authoring.references import views

app_name = "reference"
urlpatterns = [path("", views.page, name="page")]
