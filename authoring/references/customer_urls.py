from django.urls import path

from authoring.references import customer_views as views

app_name = "customer"
urlpatterns = [
    path("", views.page, name="page"),
    path("try/", views.try_customer, name="try"),
]
