from django.urls import path

from grading.views import agreement

app_name = "agreement"
urlpatterns = [
    path("", agreement.agreement, name="agreement"),
    path("labels.jsonl", agreement.labels, name="labels"),
    path("import/", agreement.bring_in, name="import"),
]
