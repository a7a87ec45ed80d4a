"""The addresses of papers."""

from django.urls import path

from camphor.papers import importing, views

urlpatterns = [
    path("desk/papers/", views.papers, name="papers"),
    path("desk/papers/ledgers/", importing.bring, name="bring_ledger"),
    path("desk/papers/ledgers/<int:pk>/", importing.preview, name="ledger"),
    path("desk/papers/ledgers/<int:pk>/again/", importing.again, name="ledger_again"),
    path("desk/papers/ledgers/<int:pk>/refused.xlsx", importing.refused, name="refused_rows"),
    path("papers/hand-over/<int:pk>.docx", views.hand_over, name="letter"),
    path("papers/answers/<int:pk>.docx", views.reply, name="reply_letter"),
    path("papers/letters/<int:pk>.docx", views.sent_letter, name="sent_letter"),
    path("papers/proposals/<int:pk>.docx", views.form, name="proposal_form"),
    path("papers/reviews/<int:pk>.docx", views.review, name="review_letter"),
    path("papers/opinions/<int:pk>.docx", views.bulletin, name="bulletin"),
    path("papers/opinions/<int:year>/<int:pk>.docx", views.yearly_word, name="yearly_word"),
    path("papers/opinions/<int:year>/<int:pk>.xlsx", views.yearly_sheet, name="yearly_sheet"),
    path("papers/volumes/<int:pk>.docx", views.volume, name="volume"),
]
