"""The addresses of the pages for residents."""

from django.urls import path

from camphor.dashboard import front, intake, mine, overview, promises, public_figures, published, search

urlpatterns = [
    path("", front.front, name="front"),
    path("raise/", intake.choose, name="raise"),
    path("raise/<slug:venue>/", intake.raise_at, name="raise_at"),
    path("poster/<slug:venue>/", intake.poster, name="poster"),
    path("code/", mine.code, name="code"),
    path("c/<str:code>/", mine.mine, name="mine"),
    path("promises/", promises.promises, name="promises"),
    path("promises/<int:pk>/", promises.promise, name="promise"),
    path("proposals/", published.proposals, name="proposals"),
    path("proposals/<int:pk>/", published.proposal, name="proposal"),
    path("figures/", public_figures.figures, name="public_figures"),
    path("evidence/<int:pk>.jpg", promises.photo, name="photo"),
    path("consultations/", overview.consultations, name="consultations"),
    path("search/", search.search, name="search"),
    path("similar/", search.similar, name="similar"),
    path("feedback/", front.feedback, name="feedback"),
    path("elder/", front.elder, name="elder"),
]
