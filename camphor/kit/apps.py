from django.apps import AppConfig

from camphor.kit.plain_errors import speak_plainly
from camphor.kit.tokens import draw_in_pieces


class KitConfig(AppConfig):
    name = "camphor.kit"

    def ready(self) -> None:
        speak_plainly()
        draw_in_pieces()
