"""Clients of the local AWS, as its administrator."""

import boto3
from botocore.config import Config

from settings import ACCESS_KEY, REGION, Settings
from secrets_file import Secrets


class Aws:
    """Makes clients; never touches a profile, a real endpoint or real credentials."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self._session = boto3.session.Session(
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=Secrets(settings).admin_secret,
            region_name=REGION,
        )

    def client(self, service: str):
        # Path style for S3: "bucket.localhost" does not resolve everywhere.
        config = Config(
            s3={"addressing_style": "path"}, retries={"total_max_attempts": 3}, read_timeout=330, proxies={}
        )
        return self._session.client(service, endpoint_url=self.settings.ministack_url, config=config)
