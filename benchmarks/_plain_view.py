"""A plain Django view over one insert, committed for each vote: what a first draft of such a service does."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.urls import path

from camphor.site.databases import database

TABLE = "plain"

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": database(os.environ["FLOOR_DATABASE"])},
    ROOT_URLCONF=__name__,
    SECRET_KEY="not one",  # noqa: S106 - nothing is signed
    USE_TZ=True,
)
application = get_wsgi_application()


class Plain(models.Model):
    """A vote."""

    conversation = models.IntegerField()
    participant = models.IntegerField()
    statement = models.IntegerField()
    value = models.IntegerField()
    key = models.TextField()

    class Meta:
        app_label = TABLE
        db_table = TABLE


def vote(request: HttpRequest) -> HttpResponse:
    """Read the form, insert the row, say so."""
    Plain._default_manager.create(
        conversation=1,
        participant=2,
        statement=int(request.POST["statement"]),
        value=1,
        key=request.POST["key"],
    )
    return HttpResponse("ok", headers={"Content-Length": "2"})


urlpatterns = [path("", vote)]

with connection.schema_editor() as editor:
    if TABLE not in connection.introspection.table_names():
        editor.create_model(Plain)
connection.close()
