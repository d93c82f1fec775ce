"""Addresses of packs in the API."""

from rest_framework.routers import SimpleRouter

from authoring.api.pack_versions import PackVersionViewSet
from authoring.api.packs import NAME, PackViewSet

router = SimpleRouter()
router.register(rf"packs/(?P<pack>{NAME})/versions", PackVersionViewSet, basename="pack-version")
router.register("packs", PackViewSet, basename="pack")

urlpatterns = router.urls
