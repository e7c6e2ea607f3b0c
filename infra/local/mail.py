"""The address that mail comes from: the local SES, like the real one, sends only for an identity that it knows."""

from email.utils import parseaddr

from aws import Aws

PARAMETER = "EmailFrom"


def ensure_sender(aws: Aws, parameters: dict) -> None:
    """Makes the identity, which MiniStack takes for verified at once; a stack that sends no mail needs none."""
    sender = parseaddr(parameters.get(PARAMETER, ""))[1]
    if not sender:
        return
    client = aws.client("sesv2")
    try:
        client.create_email_identity(EmailIdentity=sender)
    except client.exceptions.AlreadyExistsException:
        pass
