"""Addresses of judges. `new` is no name of one."""

from django.urls import path

from grading.views import judges

app_name = "judges"
urlpatterns = [
    path("", judges.judges, name="list"),
    path("new/", judges.new, name="new"),
    path("<slug:name>/<int:version>/", judges.judge, name="judge"),
    path("<slug:name>/<int:version>/retire/", judges.retire, name="retire"),
]
