"""Gives the local HTTP API the routes, integrations and authorizer that its OpenAPI body describes.

API Gateway reads them from the body by itself; MiniStack 1.5.33 creates the API and leaves the body alone. So they
are read from the *processed* template, the very body that AWS would get, and made with the ordinary API calls.
"""

import re

from aws import Aws
from console import Fail
from settings import REGION

_ANY = "x-amazon-apigateway-any-method"
_METHODS = {"get", "put", "post", "delete", "options", "head", "patch", _ANY}


class Routes:
    """Brings the API to what the body says, and removes what the body no longer names."""

    def __init__(self, aws: Aws, resources: dict):
        self._api = aws.client("apigatewayv2")
        self._resources = resources
        self._account = aws.client("sts").get_caller_identity()["Account"]

    def sync(self, processed: dict) -> str:
        """The API's id."""
        apis = {k: r for k, r in processed["Resources"].items() if r["Type"] == "AWS::ApiGatewayV2::Api"}
        if len(apis) != 1:
            raise Fail(f"template.yaml must have one HTTP API, it has {len(apis)}")
        (logical_id, api), *_ = apis.items()
        api_id = self._resources[logical_id]
        body = api["Properties"]["Body"]
        authorizers = self._authorizers(api_id, body)
        wanted = dict(self._wanted(body, authorizers))
        integrations = self._integrations(api_id, {uri for uri, _ in wanted.values()})
        self._routes(api_id, wanted, integrations)
        return api_id

    def _wanted(self, body: dict, authorizers: dict):
        """Pairs of route key and (function's address, authorizer's id or None)."""
        for path, operations in body.get("paths", {}).items():
            for method, operation in operations.items():
                if method not in _METHODS:
                    continue
                verb = "ANY" if method == _ANY else method.upper()
                key = "$default" if path.strip("/") == "$default" else f"{verb} {path}"
                names = [name for choice in operation.get("security", []) for name in choice if name != "NONE"]
                uri = self._resolve(operation["x-amazon-apigateway-integration"]["uri"])
                yield key, (uri, authorizers[names[0]] if names else None)

    def _authorizers(self, api_id: str, body: dict) -> dict:
        existing = {row["Name"]: row["AuthorizerId"] for row in self._api.get_authorizers(ApiId=api_id)["Items"]}
        found = {}
        for name, scheme in body.get("components", {}).get("securitySchemes", {}).items():
            described = self._resolve(scheme["x-amazon-apigateway-authorizer"])
            jwt = described["jwtConfiguration"]
            source = described["identitySource"]
            settings = {
                "AuthorizerType": "JWT",
                "Name": name,
                "IdentitySource": [source] if isinstance(source, str) else source,
                "JwtConfiguration": {"Issuer": jwt["issuer"], "Audience": jwt["audience"]},
            }
            if name in existing:
                self._api.update_authorizer(ApiId=api_id, AuthorizerId=existing[name], **settings)
                found[name] = existing[name]
            else:
                found[name] = self._api.create_authorizer(ApiId=api_id, **settings)["AuthorizerId"]
        for name in existing.keys() - found.keys():
            self._api.delete_authorizer(ApiId=api_id, AuthorizerId=existing[name])
        return found

    def _integrations(self, api_id: str, uris: set) -> dict:
        pages = self._api.get_paginator("get_integrations").paginate(ApiId=api_id)
        rows = [row for page in pages for row in page["Items"]]
        found = {row["IntegrationUri"]: row["IntegrationId"] for row in rows}
        for uri in uris - found.keys():
            found[uri] = self._api.create_integration(
                ApiId=api_id, IntegrationType="AWS_PROXY", IntegrationUri=uri, PayloadFormatVersion="2.0"
            )["IntegrationId"]
        for uri in found.keys() - uris:
            self._api.delete_integration(ApiId=api_id, IntegrationId=found[uri])
        return found

    def _routes(self, api_id: str, wanted: dict, integrations: dict) -> None:
        pages = self._api.get_paginator("get_routes").paginate(ApiId=api_id)
        existing = {row["RouteKey"]: row for page in pages for row in page["Items"]}
        for key, (uri, authorizer) in wanted.items():
            settings = {
                "Target": f"integrations/{integrations[uri]}",
                "AuthorizationType": "JWT" if authorizer else "NONE",
                "AuthorizerId": authorizer or "",
            }
            if key not in existing:
                self._api.create_route(ApiId=api_id, RouteKey=key, **settings)
            elif any(existing[key].get(name, "") != value for name, value in settings.items()):
                self._api.update_route(ApiId=api_id, RouteId=existing[key]["RouteId"], **settings)
        for key in existing.keys() - wanted.keys():
            self._api.delete_route(ApiId=api_id, RouteId=existing[key]["RouteId"])

    def _resolve(self, value):
        """The few intrinsic functions that SAM leaves in an API's body."""
        if isinstance(value, list):
            return [self._resolve(item) for item in value]
        if not isinstance(value, dict):
            return value
        if value.keys() == {"Ref"}:
            return self._reference(value["Ref"])
        if value.keys() == {"Fn::Sub"} and isinstance(value["Fn::Sub"], str):
            return re.sub(r"\$\{([^}]+)\}", lambda found: self._reference(found[1]), value["Fn::Sub"])
        if value.keys() == {"Fn::GetAtt"}:
            return self._reference(".".join(value["Fn::GetAtt"]))
        if any(name.startswith("Fn::") for name in value):
            raise Fail(f"the API's body uses {next(iter(value))}, which infra/local/routes.py does not know")
        return {name: self._resolve(item) for name, item in value.items()}

    def _reference(self, name: str) -> str:
        pseudo = {"AWS::Region": REGION, "AWS::AccountId": self._account, "AWS::Partition": "aws"}
        if name in pseudo:
            return pseudo[name]
        logical_id, _, attribute = name.partition(".")
        physical = self._resources[logical_id]
        if attribute == "Arn":
            return f"arn:aws:lambda:{REGION}:{self._account}:function:{physical}"
        return physical
