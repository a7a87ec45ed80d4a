"""All addresses: each app brings its own."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from camphor.dashboard.desk import PAGES
from camphor.papers.lists import as_excel
from camphor.site import health, metrics

handler400 = "camphor.site.outage.unreadable"
handler500 = "camphor.site.outage.error"
urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("accounts/", include("camphor.site.account_urls")),
    path("", include("camphor.conversations.urls")),
    path("", include("camphor.activities.urls")),
    path("", include("camphor.consultations.urls")),
    path("", include("camphor.papers.urls")),
    path("desk/<slug:noun>/list.xlsx", as_excel, {"desk": PAGES}, name="list_excel"),
    path("", include("camphor.dashboard.desk_urls")),
    path("", include("camphor.dashboard.urls")),
]
