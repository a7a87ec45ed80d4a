from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "camphor.site"
    label = "camphor_site"

    def ready(self) -> None:
        from camphor.site import checks  # noqa: F401 - being imported is what registers them
