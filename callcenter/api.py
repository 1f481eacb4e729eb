"""Every address of the REST API, under /api/v1/."""

from django.contrib.auth.decorators import login_required
from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from interactions.api.contacts import ContactViewSet
from interactions.api.imports import ImportViewSet, SourceViewSet
from kpis.api.catalogue import CatalogueView, KpiView
from kpis.api.readings import ReadingsView
from kpis.api.rows import RowsView
from kpis.api.runs import RunViewSet
from kpis.api.targets import TargetViewSet
from kpis.api.views import SavedViewViewSet
from people.api.directory import AgentViewSet, QueueViewSet, ReasonViewSet, SiteViewSet, TeamViewSet

app_name = "api"

docs = SpectacularSwaggerSplitView.as_view(url_name="api:schema", template_name="callcenter/api_docs.html")

router = SimpleRouter()
router.register("sites", SiteViewSet, "site")
router.register("teams", TeamViewSet, "team")
router.register("agents", AgentViewSet, "agent")
router.register("queues", QueueViewSet, "queue")
router.register("reasons", ReasonViewSet, "reason")
router.register("contacts", ContactViewSet, "contact")
router.register("imports", ImportViewSet, "import")
router.register("sources", SourceViewSet, "source")
router.register("runs", RunViewSet, "run")
router.register("targets", TargetViewSet, "target")
router.register("views", SavedViewViewSet, "saved-view")

urlpatterns = [
    path("kpis/", CatalogueView.as_view(), name="kpi-list"),
    path("kpis/<slug:key>/", KpiView.as_view(), name="kpi-detail"),
    path("readings/", ReadingsView.as_view(), name="readings"),
    path("readings/rows/", RowsView.as_view(), name="reading-rows"),
    *router.urls,
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", login_required(docs), name="docs"),
]
