import unittest

import context  # noqa: F401
from api import Api
from routes import Routes

URI = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${%s.Arn}/invocations"
INVOKE = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/{}/invocations"


def operation(function, *security):
    return {
        "x-amazon-apigateway-integration": {"uri": {"Fn::Sub": URI % function}},
        "security": [{name: []} for name in security],
    }


BODY = {
    "paths": {
        "/api/health": {"get": operation("Health", "NONE")},
        "/api/sales/{id}": {"get": operation("Sale", "Cognito")},
        "/$default": {"x-amazon-apigateway-any-method": operation("Web", "NONE")},
    },
    "components": {
        "securitySchemes": {
            "Cognito": {
                "x-amazon-apigateway-authorizer": {
                    "identitySource": "$request.header.Authorization",
                    "jwtConfiguration": {
                        "issuer": {"Fn::Sub": "https://cognito-idp.${AWS::Region}.amazonaws.com/${UserPool}"},
                        "audience": [{"Ref": "UserPoolClient"}],
                    },
                }
            }
        }
    },
}
PROCESSED = {"Resources": {"Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": BODY}}}}
RESOURCES = {
    "Api": "api1", "Health": "t-health", "Sale": "t-sale", "Web": "t-web", "UserPool": "pool", "UserPoolClient": "client"
}


class Gateway:
    """API Gateway's control plane in memory, as far as routes need it."""

    def __init__(self):
        self.rows = {"route": {}, "integration": {}, "authorizer": {}}
        self.count = 0

    def client(self, service):
        return self

    def get_authorizers(self, ApiId):
        return {"Items": list(self.rows["authorizer"].values())}

    def get_paginator(self, name):
        kind = name.removeprefix("get_").removesuffix("s")
        return type("Pages", (), {"paginate": lambda _, ApiId: [{"Items": list(self.rows[kind].values())}]})()

    def __getattr__(self, name):
        verb, _, kind = name.partition("_")
        key = f"{kind.capitalize()}Id"

        def call(ApiId, **settings):
            if verb == "create":
                self.count += 1
                settings[key] = str(self.count)
            if verb == "delete":
                return self.rows[kind].pop(settings[key])
            self.rows[kind].setdefault(settings[key], {}).update(settings)
            return self.rows[kind][settings[key]]

        return call


class RoutesTest(unittest.TestCase):
    def setUp(self):
        self.gateway = Gateway()

    def sync(self, processed):
        Routes(self.gateway, Api(processed, "000000000000", RESOURCES, {})).sync()

    def found(self):
        uris = {f"integrations/{i['IntegrationId']}": i["IntegrationUri"] for i in self.gateway.rows["integration"].values()}
        return {
            r["RouteKey"]: (uris[r["Target"]], r["AuthorizationType"]) for r in self.gateway.rows["route"].values()
        }

    def test_every_route_gets_its_function_and_its_authorizer(self):
        self.sync(PROCESSED)
        arn = "arn:aws:lambda:eu-central-1:000000000000:function:t-{}"
        self.assertEqual(
            {
                "GET /api/health": (INVOKE.format(arn.format("health")), "NONE"),
                "GET /api/sales/{id}": (INVOKE.format(arn.format("sale")), "JWT"),
                "$default": (INVOKE.format(arn.format("web")), "NONE"),
            },
            self.found(),
        )
        (authorizer,) = self.gateway.rows["authorizer"].values()
        self.assertEqual(
            {"Issuer": "https://cognito-idp.eu-central-1.amazonaws.com/pool", "Audience": ["client"]},
            authorizer["JwtConfiguration"],
        )

    def test_what_changed_is_changed_and_what_vanished_is_removed(self):
        self.sync(PROCESSED)
        paths = {"/api/health": {"get": operation("Health", "Cognito")}}
        self.sync({"Resources": {"Api": {
            "Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": BODY | {"paths": paths}},
        }}})
        self.assertEqual({"GET /api/health"}, set(self.found()))
        self.assertEqual("JWT", self.found()["GET /api/health"][1])
        self.assertEqual(1, len(self.gateway.rows["integration"]))

    def test_a_second_run_changes_nothing(self):
        self.sync(PROCESSED)
        before = self.gateway.count
        self.sync(PROCESSED)
        self.assertEqual(before, self.gateway.count)


if __name__ == "__main__":
    unittest.main()
