"""Every page."""

from django.contrib import admin
from django.urls import include, path

import interactions.roster.urls
import people.urls
from callcenter.health import healthz
from callcenter.home.views import home
from callcenter.search.views import search_page
from callcenter.styleguide.views import styleguide
from people.views import set_language, set_theme

urlpatterns = [
    path("", home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("search/", search_page, name="search"),
    path("styleguide/", styleguide, name="styleguide"),
    path("language/", set_language, name="set_language"),
    path("theme/", set_theme, name="set_theme"),
    path("admin/", admin.site.urls),
    # Taking in people moves agents between teams, and their contacts with them: it stands in interactions.
    path("", include((people.urls.urlpatterns + interactions.roster.urls.urlpatterns, "people"))),
    path("", include("interactions.urls")),
    path("", include("kpis.urls")),
    path("data/", include("callcenter.data_health.urls")),
    path("wallboard/", include("callcenter.wallboard.urls")),
    path("reports/", include("callcenter.reports.urls")),
    path("accounts/tokens/", include("people.tokens.urls")),
    path("api/v1/", include("callcenter.api")),
]
