from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "camphor.site"
    label = "camphor_site"
