"""The demo logins: one admin, and one buyer for each team's group."""

from aws import Aws
from secrets_file import Secrets

ADMIN = "admin"
TEAM = "team-"
DOMAIN = "demo.local"


def demo_users(groups: list) -> dict:
    """E-mail by group, the admin first."""
    names = {group: group.removeprefix(TEAM) for group in groups if group == ADMIN or group.startswith(TEAM)}
    return {group: f"{name}@{DOMAIN}" for group, name in sorted(names.items(), key=lambda item: item[0] != ADMIN)}


def ensure_users(aws: Aws, pool: str, groups: list) -> dict:
    """Creates those who are missing; e-mail by group."""
    cognito = aws.client("cognito-idp")
    pages = cognito.get_paginator("list_users").paginate(UserPoolId=pool)
    rows = [row for page in pages for row in page["Users"]]
    status = {a["Value"]: row["UserStatus"] for row in rows for a in row["Attributes"] if a["Name"] == "email"}
    users = demo_users(groups)
    for group, email in users.items():
        if status.get(email) == "CONFIRMED":
            continue
        if email not in status:
            _create(cognito, pool, email)
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=email, GroupName=group)
        # Last, because it confirms the user: one that is not confirmed is completed by the next run.
        password = Secrets(aws.settings).password(email)
        cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password=password, Permanent=True)
    return users


def _create(cognito, pool: str, email: str) -> None:
    cognito.admin_create_user(
        UserPoolId=pool,
        Username=email,
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
    )
