from django.urls import path

from authoring.lint import views

app_name = "lint"
urlpatterns = [
    path("", views.page, name="page"),
    path("apply/", views.apply, name="apply"),
    path("keep/", views.keep_finding, name="keep"),
    path("drop/", views.drop_finding, name="drop"),
]
