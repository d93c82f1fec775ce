"""All addresses."""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from authoring import views
from authoring.api import pack_urls, task_urls
from authoring.api.runs import LaunchViewSet
from authoring.bundles.api import PackImportView
from authoring.regrading.api import GradingsView, GradingViewSet
from authoring.regrading.views import grade_again
from authoring.strength.api import MutationViewSet
from config.api import api_not_found
from config.api_docs import api_docs
from config.health import healthz, readyz
from config.metrics.page import metrics
from grading.api.agreement import AgreementView, LabelsView
from grading.api.judges import JudgeViewSet
from grading.api.people import RolloutViewSet, TaskReportViewSet, VerdictViewSet
from grading.api.transcripts import TranscriptsView
from simulation.agent_api import AgentViewSet
from simulation.api import EpisodeViewSet
from simulation.contents_api import (
    EntityTypeViewSet,
    EntityViewSet,
    ToolViewSet,
    WorldQueryViewSet,
)
from simulation.endpoint_api import EndpointViewSet
from simulation.world_api import WorldViewSet
from simulation.world_wire import NAME

router = SimpleRouter()
router.register("runs", LaunchViewSet, basename="run")
router.register("judges", JudgeViewSet, basename="judge")
router.register("rollouts", RolloutViewSet, basename="rollout")
router.register("verdicts", VerdictViewSet, basename="verdict")
router.register("task-reports", TaskReportViewSet, basename="task-report")
router.register(r"runs/(?P<run>[0-9]{1,9})/gradings", GradingViewSet, basename="grading")
router.register("episodes", EpisodeViewSet, basename="episode")
router.register(r"tasks/(?P<slug>[-a-zA-Z0-9_]+)/mutations", MutationViewSet, basename="mutation")
router.register("worlds", WorldViewSet, basename="world")
router.register("agents", AgentViewSet, basename="agent")
router.register("endpoints", EndpointViewSet, basename="endpoint")

handler500 = "config.api.server_error"

OF_WORLD = rf"^worlds/(?P<name>{NAME})"
api = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("packs/import/", PackImportView.as_view(), name="pack-import"),
    *router.urls,
    *pack_urls.urlpatterns,
    *task_urls.urlpatterns,
    re_path(
        rf"{OF_WORLD}/entities/$", EntityTypeViewSet.as_view({"get": "list"}), name="entity-types"
    ),
    re_path(
        rf"{OF_WORLD}/entities/(?P<entity_type>\w+)/$",
        EntityViewSet.as_view({"get": "list"}),
        name="entity-rows",
    ),
    re_path(
        rf"{OF_WORLD}/entities/(?P<entity_type>\w+)/(?P<key>[^/]+)/$",
        EntityViewSet.as_view({"get": "retrieve"}),
        name="entity-row",
    ),
    re_path(rf"{OF_WORLD}/tools/$", ToolViewSet.as_view({"get": "list"}), name="world-tools"),
    re_path(
        rf"{OF_WORLD}/query/$", WorldQueryViewSet.as_view({"post": "create"}), name="world-query"
    ),
    path("agreement/", AgreementView.as_view(), name="agreement"),
    path("labels/", LabelsView.as_view(), name="labels"),
    path("transcripts/", TranscriptsView.as_view(), name="transcripts"),
    path("gradings/", GradingsView.as_view(), name="gradings"),
    re_path("", api_not_found),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("runs/<int:pk>/gradings/new/", grade_again, name="grade_again"),
    path("runs/", include("authoring.launching.urls")),
    path("runs/", include("grading.urls")),
    path("insights/agreement/", include("grading.agreement.urls")),
    path("reports/", include("grading.report_urls")),
    path(
        "tasks/using/<slug:slug>@<int:version>/<str:entity_type>/<path:key>/",
        views.tasks_using,
        name="tasks_using",
    ),
    path("tasks/add-row/", include("authoring.setups.choose_urls")),
    path("tasks/", include("authoring.listing.urls")),
    path("tasks/<slug:slug>/", include("authoring.editor.urls")),
    path("tasks/<slug:slug>/setup/", include("authoring.setups.urls")),
    path("tasks/<slug:slug>/reference/", include("authoring.references.urls")),
    path("tasks/<slug:slug>/customer/", include("authoring.references.customer_urls")),
    path("tasks/<slug:slug>/rubric/import/", include("authoring.rubric_imports.urls")),
    path("tasks/<slug:slug>/rubric/", include("authoring.rubrics.urls")),
    path("tasks/<slug:slug>/lint/", include("authoring.lint.urls")),
    path("tasks/<slug:slug>/dry-run/", include("authoring.dry_runs.urls")),
    path("tasks/<slug:slug>/review/", include("authoring.reviewing.urls")),
    path("tasks/<slug:slug>/history/", include("authoring.history.urls")),
    path("tasks/<slug:slug>/strength/", include("authoring.strength.urls")),
    path("packs/import/", include("authoring.bundles.urls")),
    path("packs/", include("authoring.packs.urls")),
    path("reviews/", include("authoring.reviewing.queue_urls")),
    path("inbox/", include("authoring.inbox.urls")),
    path("guide/", include("authoring.guide.urls")),
    path("world/", include("simulation.urls")),
    path("settings/agents/", include("simulation.agent_urls")),
    path("settings/endpoints/", include("simulation.endpoint_urls")),
    path("settings/tokens/", include("authoring.tokens.urls")),
    path("settings/judges/", include("grading.judge_urls")),
    path("theme/", views.theme, name="theme"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),
    path("api/docs/", api_docs, name="api_docs"),
    path("api/v1/", include((api, "api"))),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
