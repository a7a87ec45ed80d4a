"""The numbers of the service in Prometheus' text format."""

from __future__ import annotations

import os
import shutil

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Gauge, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from camphor.conversations.models import Conversation, Vote
from camphor.matters.models import Matter
from camphor.site import watching  # sets up the folder before the library counts
from camphor.site.backups import newest_backup
from camphor.site.health import written_folder

LOOPBACK = ("127.0.0.1", "::1")


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers, for a request from this machine itself, or for anybody where the settings say so."""
    if not (settings.METRICS or _from_here(request)):
        raise Http404
    watching.TALLY.write()
    body = generate_latest(_requests()) + generate_latest(_state())
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)


def _from_here(request: HttpRequest) -> bool:
    """Asked on this machine, and not through a proxy that stands on it."""
    passed_on = any(request.headers.get(name) for name in ("X-Forwarded-For", "Forwarded", "Via"))
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not passed_on


def _requests() -> CollectorRegistry:
    """What all processes counted together, or this one alone where they share no folder."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together


def _state() -> CollectorRegistry:
    """What the database and the disk say now."""
    registry = CollectorRegistry()

    def gauge(name: str, help: str, value: float) -> None:
        Gauge(f"camphor_{name}", help, registry=registry).set(value)

    gauge("disk_free_bytes", "Room where this machine writes", shutil.disk_usage(written_folder()).free)
    if made_at := newest_backup():
        gauge("newest_backup_timestamp_seconds", "When the newest backup here was made", made_at)
    try:
        newest = Vote.objects.aggregate(pk=Max("pk"))["pk"] or 0
        last = Vote.objects.filter(pk=newest).values_list("at", flat=True).first()
        running = Conversation.objects.filter(state="open").count()
        overdue = Matter.objects.filter(
            kind="promise", state="given", due_on__lt=timezone.localdate()
        ).count()
    except DatabaseError:
        gauge("database_up", "The database answers", 0)
        return registry
    gauge("database_up", "The database answers", 1)
    gauge("newest_vote_number", "Number of the newest vote; its growth is the rate of votes", newest)
    gauge("newest_vote_timestamp_seconds", "When it was cast", last.timestamp() if last else 0)
    gauge("open_conversations", "Conversations that take votes", running)
    gauge("overdue_promises", "Promises whose day has passed", overdue)
    return registry
