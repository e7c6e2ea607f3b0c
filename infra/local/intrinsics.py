"""The intrinsic functions that SAM leaves in an API's body, resolved as CloudFormation would.

MiniStack 1.5.33 resolves them in resources that it makes itself; of a body it makes nothing.
"""

import re

from console import Fail
from settings import REGION

_NO_VALUE = {"Ref": "AWS::NoValue"}


class Intrinsics:
    """Knows the stack's physical ids, its parameters and its conditions."""

    def __init__(self, account: str, resources: dict, parameters: dict, conditions: dict):
        self._account = account
        self._resources = resources
        self._parameters = parameters
        self._conditions = conditions

    def resolve(self, value):
        """The same value without intrinsic functions; what is `AWS::NoValue` is left out."""
        if isinstance(value, list):
            return [self.resolve(item) for item in value if not self._is_nothing(item)]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name == "Ref" or name.startswith("Fn::"):
                return self._call(name, argument)
        return {name: self.resolve(item) for name, item in value.items() if not self._is_nothing(item)}

    def _call(self, name: str, argument):
        if name == "Ref":
            return self._reference(argument)
        if name == "Fn::Sub" and isinstance(argument, str):
            return re.sub(r"\$\{([^}]+)\}", lambda found: str(self._reference(found[1])), argument)
        if name == "Fn::GetAtt":
            return self._reference(".".join(argument))
        if name == "Fn::Split":
            return self.resolve(argument[1]).split(argument[0])
        if name == "Fn::If":
            return self.resolve(self._branch(argument))
        raise Fail(f"the API's body uses {name}, which infra/local/intrinsics.py does not know")

    def _is_nothing(self, value) -> bool:
        while isinstance(value, dict) and value.keys() == {"Fn::If"}:
            value = self._branch(value["Fn::If"])
        return value == _NO_VALUE

    def _branch(self, argument: list):
        condition, then, otherwise = argument
        return then if self._holds({"Condition": condition}) else otherwise

    def _holds(self, condition: dict) -> bool:
        ((name, argument),) = condition.items()
        if name == "Condition":
            return self._holds(self._conditions[argument])
        if name == "Fn::Not":
            return not self._holds(argument[0])
        if name == "Fn::And":
            return all(self._holds(item) for item in argument)
        if name == "Fn::Or":
            return any(self._holds(item) for item in argument)
        if name == "Fn::Equals":
            return self.resolve(argument[0]) == self.resolve(argument[1])
        raise Fail(f"a condition uses {name}, which infra/local/intrinsics.py does not know")

    def _reference(self, name: str):
        pseudo = {"AWS::Region": REGION, "AWS::AccountId": self._account, "AWS::Partition": "aws", "AWS::NoValue": None}
        if name in pseudo:
            return pseudo[name]
        if name in self._parameters:
            return self._parameters[name]
        logical_id, _, attribute = name.partition(".")
        physical = self._resources[logical_id]
        if attribute == "Arn":
            return f"arn:aws:lambda:{REGION}:{self._account}:function:{physical}"
        return physical
