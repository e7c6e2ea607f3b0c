"""Deploys template.yaml to the local AWS: packages changed code, then one change set; unchanged is a no-op."""

import hashlib
import io
import json
import os
import zipfile
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import ClientError, WaiterError

from aws import Aws
from console import Fail
from settings import BUILT, REGION, STACK_NAME, Settings
from secrets_file import Secrets
from template import Template, variable, with_values

BUCKET = f"{STACK_NAME}-code"
# CloudFormation takes a longer template only from S3.
LONGEST_BODY = 51_200
_QUICK = {"Delay": 1, "MaxAttempts": 120}
_DONE = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}


class Stack:
    """The deployed stack as CloudFormation describes it."""

    def __init__(self, aws: Aws):
        self._cloudformation = aws.client("cloudformation")
        self._s3 = aws.client("s3")
        self._settings = aws.settings

    def describe(self) -> dict | None:
        try:
            return self._cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise

    def outputs(self) -> dict:
        return {o["OutputKey"]: o["OutputValue"] for o in (self.describe() or {}).get("Outputs", [])}

    def resources(self) -> dict:
        """Physical ids by logical ids."""
        pages = self._cloudformation.get_paginator("list_stack_resources").paginate(StackName=STACK_NAME)
        rows = (row for page in pages for row in page["StackResourceSummaries"])
        return {row["LogicalResourceId"]: row["PhysicalResourceId"] for row in rows}

    def processed_template(self) -> dict:
        body = self._cloudformation.get_template(StackName=STACK_NAME, TemplateStage="Processed")["TemplateBody"]
        return body if isinstance(body, dict) else json.loads(body)

    def deploy(self, template: Template) -> bool:
        """True when something changed."""
        archives = {function.logical_id: _Archive(function.name) for function in template.functions.values()}
        locations = {logical_id: (BUCKET, archive.key) for logical_id, archive in archives.items()}
        parameters = parameter_values(template, self._settings)
        body = with_values(template.with_code(locations), parameters)
        body = json.dumps(body, separators=(",", ":"), default=str)
        stack = self._usable_stack()
        if stack and stack["StackStatus"] in _DONE and self._is_deployed(stack, body, parameters):
            return False
        self._upload(archives.values())
        self._change(body, parameters, exists=stack is not None)
        self._prune({archive.key for archive in archives.values()})
        return True

    def _usable_stack(self) -> dict | None:
        stack = self.describe()
        if stack and stack["StackStatus"] in ("REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"):
            # A first deploy that failed leaves a shell that takes no update.
            self._cloudformation.delete_stack(StackName=STACK_NAME)
            self._cloudformation.get_waiter("stack_delete_complete").wait(
                StackName=stack["StackId"], WaiterConfig={"Delay": 1, "MaxAttempts": 60}
            )
            return None
        return stack

    def _is_deployed(self, stack: dict, body: str, parameters: dict) -> bool:
        deployed = self._cloudformation.get_template(StackName=STACK_NAME, TemplateStage="Original")["TemplateBody"]
        deployed = deployed if isinstance(deployed, dict) else json.loads(deployed)
        given = {p["ParameterKey"]: p["ParameterValue"] for p in stack.get("Parameters", [])}
        return deployed == json.loads(body) and given == parameters

    def _upload(self, archives) -> None:
        try:
            self._s3.head_bucket(Bucket=BUCKET)
        except ClientError:
            self._s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        stored = self._stored()
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(self._put, [archive for archive in archives if archive.key not in stored]))

    def _put(self, archive: "_Archive") -> None:
        self._s3.put_object(Bucket=BUCKET, Key=archive.key, Body=archive.zipped())

    def _stored(self) -> set:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return {row["Key"] for page in pages for row in page.get("Contents", [])}

    def _prune(self, live: set) -> None:
        for key in self._stored() - live:
            self._s3.delete_object(Bucket=BUCKET, Key=key)

    def _change(self, body: str, parameters: dict, exists: bool) -> None:
        kind = "UPDATE" if exists else "CREATE"
        name = f"local-{hashlib.sha256((body + json.dumps(parameters)).encode()).hexdigest()[:16]}"
        change = {"ChangeSetName": name, "StackName": STACK_NAME}
        try:
            self._cloudformation.create_change_set(
                **change,
                ChangeSetType=kind,
                Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
                Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
                **self._template_argument(body),
            )
            self._cloudformation.get_waiter("change_set_create_complete").wait(**change, WaiterConfig=_QUICK)
        except ClientError as error:
            raise Fail(f"the deploy was refused: {error.response['Error']['Message']}") from error
        except WaiterError as error:
            reason = error.last_response.get("StatusReason", "no reason given")
            self._cloudformation.delete_change_set(**change)
            if "didn't contain changes" in reason or "No updates" in reason:
                return
            raise Fail(f"the deploy was refused: {reason}") from error
        self._cloudformation.execute_change_set(**change)
        try:
            waiter = self._cloudformation.get_waiter(f"stack_{kind.lower()}_complete")
            waiter.wait(StackName=STACK_NAME, WaiterConfig=_QUICK)
        except WaiterError as error:
            log = self._settings.shown(self._settings.logs / "ministack.log")
            raise Fail(f"the deploy failed: {self._first_failure()} (log: {log})") from error

    def _template_argument(self, body: str) -> dict:
        if len(body.encode()) <= LONGEST_BODY:
            return {"TemplateBody": body}
        key = "template.json"
        self._s3.put_object(Bucket=BUCKET, Key=key, Body=body.encode())
        return {"TemplateURL": f"{self._settings.ministack_url}/{BUCKET}/{key}"}

    def _first_failure(self) -> str:
        """The oldest failed event: what follows it are consequences."""
        events = self._cloudformation.describe_stack_events(StackName=STACK_NAME)["StackEvents"]
        failed = [e for e in events if e["ResourceStatus"].endswith("FAILED") and e.get("ResourceStatusReason")]
        if not failed:
            return "no reason given"
        return f"{failed[-1]['LogicalResourceId']}: {failed[-1]['ResourceStatusReason']}"


class _Archive:
    """A function's folder under .build, known by its content."""

    def __init__(self, name: str):
        self._files = sorted(path for path in (BUILT / name).rglob("*") if path.is_file())
        self._folder = BUILT / name
        digest = hashlib.sha256()
        for path in self._files:
            digest.update(str(path.relative_to(self._folder)).encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        self.key = f"{name}/{digest.hexdigest()}.zip"

    def zipped(self) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for path in self._files:
                entry = zipfile.ZipInfo(str(path.relative_to(self._folder)))
                entry.external_attr = 0o755 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes(), compresslevel=1)
        return buffer.getvalue()


def parameter_values(template: Template, settings: Settings, env=os.environ) -> dict:
    """Every parameter: from the variable of its name, else this stack's own value, else the template's default."""
    ours = {
        "WebhookKeyDigests": Secrets(settings).webhook_key_digest,
        "AmocrmAccounts": "29600001:example",
        "FacebookBaseUrl": f"{settings.neighbours_url}/graph",
        "NbkBaseUrl": f"{settings.neighbours_url}/nbk",
        "AmocrmBaseUrl": f"{settings.neighbours_url}/amocrm",
        "TelegramBaseUrl": f"{settings.neighbours_url}/telegram",
        "OpenaiBaseUrl": f"{settings.neighbours_url}/openai",
        "SmsBaseUrl": f"{settings.neighbours_url}/sms",
        "SupabaseLandingUrl": f"{settings.neighbours_url}/supabase/landing",
        "SupabaseTripwireUrl": f"{settings.neighbours_url}/supabase/tripwire",
        "EmailFrom": "school@example.com",
        "LandingOrigins": "http://localhost:3000,https://landing.example",
    }
    values = {}
    for name, declared in template.parameters.items():
        given = env.get(variable(name))
        default = ours.get(name, declared.get("Default"))
        if not given and default is None:
            raise Fail(f"template.yaml wants the parameter {name}: make up {variable(name)}=<value>")
        values[name] = given or str(default)
    return values
