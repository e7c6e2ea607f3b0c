"""The one HTTP API of the processed template: what its OpenAPI body says, in plain values."""

from console import Fail
from intrinsics import Intrinsics

_CORS = "x-amazon-apigateway-cors"


class Api:
    """The API's id, its body, and what both refer to."""

    def __init__(self, processed: dict, account: str, resources: dict, parameters: dict):
        apis = {k: r for k, r in processed["Resources"].items() if r["Type"] == "AWS::ApiGatewayV2::Api"}
        if len(apis) != 1:
            raise Fail(f"template.yaml must have one HTTP API, it has {len(apis)}")
        ((logical_id, api),) = apis.items()
        self.id = resources[logical_id]
        self.body = api["Properties"]["Body"]
        self._intrinsics = Intrinsics(account, resources, parameters, processed.get("Conditions", {}))

    def resolve(self, value):
        return self._intrinsics.resolve(value)

    def cors(self) -> dict | None:
        """What browsers of other origins may do; SAM puts an API's CorsConfiguration there."""
        return self.resolve(self.body.get(_CORS)) or None
