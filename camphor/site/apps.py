from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "camphor.site"
    label = "camphor_site"

    def ready(self) -> None:
        from django.core.signals import got_request_exception

        from camphor.site import checks  # noqa: F401 - being imported is what registers them
        from camphor.site.databases import leave

        got_request_exception.connect(leave)
