from django.urls import path

from authoring.setups import finder_views, json_view, like_views, row_views, views

app_name = "setup"
urlpatterns = [
    path("", views.page, name="page"),
    path("add/", finder_views.add, name="add"),
    path("add/<str:entity_type>/", finder_views.rows, name="rows"),
    path("find/", finder_views.find, name="find"),
    path("world/", finder_views.world, name="world"),
    path("json/", json_view.as_json, name="json"),
    path("amounts/", views.fit_amounts, name="amounts"),
    path("new/<str:entity_type>/", row_views.new, name="new"),
    path("change/<str:entity_type>/<path:key>/", row_views.change, name="change"),
    path("remove/<str:entity_type>/<path:key>/", row_views.drop, name="drop"),
    path("like/<str:entity_type>/<path:key>/", like_views.like, name="like"),
    path("<int:number>/", row_views.edit, name="edit"),
    path("<int:number>/move/", views.move, name="move"),
    path("<int:number>/duplicate/", views.duplicate, name="duplicate"),
    path("<int:number>/remove/", views.take_out, name="take_out"),
]
