"""`make deploy`: the same template.yaml to a real AWS account, with the caller's own credentials.

Release binaries for Amazon Linux 2023 come from cargo-lambda and zig, both installed into the checkout. The rest is
the plain `aws cloudformation package` and `deploy`.
"""

import os
import subprocess
import sys

import toolbox
from console import Fail, fail, step
from settings import ROOT, TARGET, VENV

_PACKAGED = ROOT / ".build" / "packaged.yaml"
_WANTED = {
    "STACK_NAME": "the stack's name, for example traffic-dashboard",
    "S3_BUCKET": "a bucket of yours in that region, for the code",
    "WEBHOOK_KEY_DIGESTS": "sha256 of each webhook key: printf %s \"$KEY\" | sha256sum",
}


def main() -> int:
    try:
        missing = [f"{name} ({meaning})" for name, meaning in _WANTED.items() if not os.environ.get(name)]
        if missing:
            raise Fail(f"make deploy wants {'; '.join(missing)}")
        toolbox.check_prerequisites()
        toolbox.ensure_venv()
        toolbox.ensure_venv(toolbox.DEPLOY_REQUIREMENTS)
        toolbox.continue_in_venv()
        _deploy()
    except Fail as problem:
        return fail(problem)
    except KeyboardInterrupt:
        return 130
    return 0


def _deploy() -> None:
    from build import stage
    from pages import stage_pages
    from template import Template, variable

    template = Template()
    step(1, 4, "asking AWS who we are")
    _run("no AWS credentials work here; see aws configure", "aws", "sts", "get-caller-identity", "--output", "text")
    step(2, 4, "building release binaries for x86_64 Amazon Linux 2023 (the first build takes about 15 minutes)")
    packages = [text for name in template.functions for text in ("-p", name)]
    _run("cargo lambda build failed", "cargo-lambda", "lambda", "build", "--release", "--x86-64", *packages)
    stage(template, TARGET / "lambda", "{name}/bootstrap")
    stage_pages()
    step(3, 4, "packaging")
    _run(
        "packaging failed", "aws", "cloudformation", "package", "--template-file", "template.yaml",
        "--s3-bucket", os.environ["S3_BUCKET"], "--output-template-file", str(_PACKAGED),
    )
    step(4, 4, f"deploying {os.environ['STACK_NAME']}")
    given = {name: os.environ.get(variable(name)) for name in template.parameters}
    _run(
        "the deploy failed", "aws", "cloudformation", "deploy", "--template-file", str(_PACKAGED),
        "--stack-name", os.environ["STACK_NAME"], "--s3-bucket", os.environ["S3_BUCKET"],
        "--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND", "--no-fail-on-empty-changeset",
        "--parameter-overrides", *(f"{name}={value}" for name, value in given.items() if value),
    )


def _run(problem: str, program: str, *arguments: str) -> None:
    """A tool of the venv; its own output says what is wrong."""
    env = os.environ | {"PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    if subprocess.run([str(VENV / "bin" / program), *arguments], cwd=ROOT, env=env, check=False).returncode:
        raise Fail(f"{problem}; the tool's own words stand above")


if __name__ == "__main__":
    sys.exit(main())
