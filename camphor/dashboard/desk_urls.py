"""The addresses of the desk."""

from django.urls import path
from django.views.decorators.http import require_POST

from camphor.dashboard import (
    audit,
    desk,
    figures,
    guided,
    handing_over,
    instructions,
    linking,
    local_rules,
    papers,
    preferences,
    sessions,
    working_days,
    yearly,
)

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/notices/read/", desk.read_notices, name="read_notices"),
    path("desk/notices/", preferences.preferences, name="preferences"),
    path("desk/audit/", audit.audit, name="audit"),
    path("desk/hand-over/", handing_over.handing_over, name="hand_over"),
    path("desk/hand-over/<int:pk>/back/", require_POST(handing_over.take_back_work), name="take_back_work"),
    path("desk/delegations/<int:pk>/end/", require_POST(handing_over.end_delegation), name="end_delegation"),
    path("desk/consultations/new/", desk.new_consultation, name="desk_new"),
    path("desk/working-days/", working_days.working_days, name="working_days"),
    path("desk/working-days/<int:pk>/", require_POST(working_days.withdraw_day), name="withdraw_day"),
    path("desk/plenary/", sessions.sessions, name="sessions_of_term"),
    path("desk/figures/", figures.figures, name="figures"),
    path("desk/figures.csv", figures.sheet, name="figures_sheet"),
    path("desk/figures.xlsx", figures.sheet, {"excel": True}, name="figures_excel"),
    path("desk/figures/guided/", guided.figures, name="guided_figures"),
    path("desk/figures/guided.csv", guided.sheet, name="guided_sheet"),
    path("desk/figures/guided.xlsx", guided.sheet, {"excel": True}, name="guided_excel"),
    path("desk/figures/guided/<slug:name>/", guided.figure, name="guided_figure"),
    path("desk/figures/<slug:name>/", figures.figure, name="figure"),
    path("desk/rules/<int:pk>/withdraw/", require_POST(local_rules.withdraw), name="withdraw_rule"),
    path("desk/rules/<slug:table>/", local_rules.local_rules, name="local_rules"),
    path("desk/papers/<int:pk>/", papers.paper, name="paper"),
    path("desk/<slug:noun>/", desk.PAGES.list, name="desk_list"),
    path("desk/instructions/<int:pk>/read/", instructions.read, name="read_instruction"),
    path("desk/opinions/yearly/<int:year>/", yearly.yearly, name="yearly_notice"),
    path("desk/<slug:noun>/new/", desk.PAGES.new, name="desk_begin"),
    path("desk/<slug:noun>/<int:pk>/", desk.PAGES.thing, name="desk_thing"),
    path("desk/<slug:noun>/<int:pk>/undo/<int:entry>/", require_POST(desk.PAGES.undo), name="desk_undo"),
    path("desk/<slug:noun>/<int:pk>/links/", linking.links, name="links"),
    path("desk/<slug:noun>/<int:pk>/unlink/", require_POST(linking.unlink), name="unlink"),
    path("desk/<slug:noun>/<int:pk>/<slug:move>/", desk.PAGES.move, name="desk_move"),
]
