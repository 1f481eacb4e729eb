"""What the OpenAPI schema says of the API as a whole."""

from __future__ import annotations

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme


class ApiTokenScheme(KnoxTokenScheme):
    """Tokens: ``Authorization: Bearer …``."""

    target_class = "people.api.access.ApiTokenAuthentication"
    name = "token"
