"""Gives the local HTTP API the routes, integrations and authorizer that its OpenAPI body describes.

API Gateway reads them from the body by itself; MiniStack 1.5.33 creates the API and leaves the body alone. So they
are read from the *processed* template, the very body that AWS would get, and made with the ordinary API calls.
"""

from api import Api
from aws import Aws

_ANY = "x-amazon-apigateway-any-method"
_METHODS = {"get", "put", "post", "delete", "options", "head", "patch", _ANY}


class Routes:
    """Brings the API to what the body says, and removes what the body no longer names."""

    def __init__(self, aws: Aws, api: Api):
        self._gateway = aws.client("apigatewayv2")
        self._api = api

    def sync(self) -> None:
        authorizers = self._authorizers()
        wanted = dict(self._wanted(authorizers))
        integrations = self._integrations({uri for uri, _ in wanted.values()})
        self._routes(wanted, integrations)

    def _wanted(self, authorizers: dict):
        """Pairs of route key and (function's address, authorizer's id or None)."""
        for path, operations in self._api.body.get("paths", {}).items():
            for method, operation in operations.items():
                if method not in _METHODS:
                    continue
                verb = "ANY" if method == _ANY else method.upper()
                key = "$default" if path.strip("/") == "$default" else f"{verb} {path}"
                names = [name for choice in operation.get("security", []) for name in choice if name != "NONE"]
                uri = self._api.resolve(operation["x-amazon-apigateway-integration"]["uri"])
                yield key, (uri, authorizers[names[0]] if names else None)

    def _authorizers(self) -> dict:
        existing = {row["Name"]: row["AuthorizerId"] for row in self._gateway.get_authorizers(ApiId=self._api.id)["Items"]}
        found = {}
        for name, scheme in self._api.body.get("components", {}).get("securitySchemes", {}).items():
            described = self._api.resolve(scheme["x-amazon-apigateway-authorizer"])
            jwt = described["jwtConfiguration"]
            source = described["identitySource"]
            settings = {
                "AuthorizerType": "JWT",
                "Name": name,
                "IdentitySource": [source] if isinstance(source, str) else source,
                "JwtConfiguration": {"Issuer": jwt["issuer"], "Audience": jwt["audience"]},
            }
            if name in existing:
                self._gateway.update_authorizer(ApiId=self._api.id, AuthorizerId=existing[name], **settings)
                found[name] = existing[name]
            else:
                found[name] = self._gateway.create_authorizer(ApiId=self._api.id, **settings)["AuthorizerId"]
        for name in existing.keys() - found.keys():
            self._gateway.delete_authorizer(ApiId=self._api.id, AuthorizerId=existing[name])
        return found

    def _integrations(self, uris: set) -> dict:
        pages = self._gateway.get_paginator("get_integrations").paginate(ApiId=self._api.id)
        rows = [row for page in pages for row in page["Items"]]
        found = {row["IntegrationUri"]: row["IntegrationId"] for row in rows}
        for uri in uris - found.keys():
            found[uri] = self._gateway.create_integration(
                ApiId=self._api.id, IntegrationType="AWS_PROXY", IntegrationUri=uri, PayloadFormatVersion="2.0"
            )["IntegrationId"]
        for uri in found.keys() - uris:
            self._gateway.delete_integration(ApiId=self._api.id, IntegrationId=found[uri])
        return found

    def _routes(self, wanted: dict, integrations: dict) -> None:
        pages = self._gateway.get_paginator("get_routes").paginate(ApiId=self._api.id)
        existing = {row["RouteKey"]: row for page in pages for row in page["Items"]}
        for key, (uri, authorizer) in wanted.items():
            settings = {
                "Target": f"integrations/{integrations[uri]}",
                "AuthorizationType": "JWT" if authorizer else "NONE",
                "AuthorizerId": authorizer or "",
            }
            if key not in existing:
                self._gateway.create_route(ApiId=self._api.id, RouteKey=key, **settings)
            elif any(existing[key].get(name, "") != value for name, value in settings.items()):
                self._gateway.update_route(ApiId=self._api.id, RouteId=existing[key]["RouteId"], **settings)
        for key in existing.keys() - wanted.keys():
            self._gateway.delete_route(ApiId=self._api.id, RouteId=existing[key]["RouteId"])
