from django.urls import path

from grading.views import reports

app_name = "reports"
urlpatterns = [
    path("", reports.reports, name="reports"),
    path("<int:pk>/", reports.report, name="report"),
    path("<int:pk>/move/", reports.report_move, name="move"),
]
