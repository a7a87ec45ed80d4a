"""Django's whole stack: `camphor.site.door` opens it for all that is no vote, `runserver` for everything."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "camphor.site.settings")

application = get_wsgi_application()
