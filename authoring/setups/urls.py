from django.urls import path

from authoring.setups import views

app_name = "setup"
urlpatterns = [path("", views.page, name="page")]
