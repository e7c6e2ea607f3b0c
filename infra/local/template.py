"""template.yaml as data: its functions, their routes, its parameters, and CloudFormation's short forms."""

import copy
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from settings import ROOT


class _Loader(yaml.SafeLoader):
    """Reads `!Ref x` as `{"Ref": "x"}` and so on."""


def _short_form(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)


@dataclass(frozen=True)
class Function:
    """A function by its folder's name, which is its name everywhere."""

    logical_id: str
    name: str
    code: str
    method: str | None
    path: str | None


class Template:
    """The parsed template."""

    def __init__(self, path: Path = ROOT / "template.yaml"):
        self.body = yaml.load(path.read_text(), Loader=_Loader)
        resources = self.body["Resources"]
        self.functions = {
            function.name: function
            for function in (_function(logical_id, resource) for logical_id, resource in resources.items())
            if function
        }

    @property
    def parameters(self) -> dict:
        return self.body.get("Parameters", {})

    @property
    def groups(self) -> list:
        resources = self.body["Resources"].values()
        return [r["Properties"]["GroupName"] for r in resources if r["Type"] == "AWS::Cognito::UserPoolGroup"]

    def with_code(self, locations: dict) -> dict:
        """A copy whose functions take their code from S3: `locations` maps logical ids to bucket and key."""
        body = copy.deepcopy(self.body)
        for logical_id, (bucket, key) in locations.items():
            body["Resources"][logical_id]["Properties"]["CodeUri"] = {"Bucket": bucket, "Key": key}
        return body


def with_values(body: dict, parameters: dict) -> dict:
    """A copy whose parameters default to what they are given, a list where CloudFormation makes one of it.

    SAM puts parameters' values into some properties of an API; AWS hands it the given ones, MiniStack 1.5.33 none.
    """
    body = copy.deepcopy(body)
    for name, declared in body.get("Parameters", {}).items():
        is_list = declared["Type"] == "CommaDelimitedList"
        declared["Default"] = parameters[name].split(",") if is_list else parameters[name]
    return body


def _function(logical_id: str, resource: dict) -> Function | None:
    if resource["Type"] != "AWS::Serverless::Function":
        return None
    properties = resource["Properties"]
    code = properties["CodeUri"]
    events = properties.get("Events", {}).values()
    route = next((event["Properties"] for event in events if event["Type"] == "HttpApi"), {})
    return Function(logical_id, Path(code).name, code, route.get("Method"), route.get("Path"))


def variable(name: str) -> str:
    """`AmocrmBaseUrl` → `AMOCRM_BASE_URL`, the variable that sets a parameter for a run."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()
