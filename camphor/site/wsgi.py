"""The door of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "camphor.site.settings")

whole = get_wsgi_application()  # settings and apps first: the gate needs both

from camphor.site.gate import Gate  # noqa: E402

application = Gate(whole)
