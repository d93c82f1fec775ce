from django.urls import path

from authoring.setups.choose import choose

app_name = "add_row"
urlpatterns = [path("", choose, name="choose")]
