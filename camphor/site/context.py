"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from camphor.dashboard.shared import ELDER
from camphor.kit.kept import blanks


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "elder": request.COOKIES.get(ELDER) == "1",
        "demo": settings.DEMO,
        "site_owner": settings.SITE_OWNER,
        "icp_record": settings.ICP_RECORD,
        "police_record": settings.POLICE_RECORD,
        "csp_nonce": getattr(request, "csp_nonce", ""),
        **blanks(request),
    }
