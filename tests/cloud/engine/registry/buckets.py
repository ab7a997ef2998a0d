"""Buckets of the catalog: what adding and changing one looks at, what it makes, and how it is scanned."""

import datetime
import re
import uuid

from engine.registry import policies, state
from engine.registry.answers import Fault, Said

DO_NOT_SUBSCRIBE = "DO_NOT_SUBSCRIBE"
BYTES_DEFAULT, BYTES_MIN, BYTES_MAX = 1_000_000, 1_000, 10_000_000
RELEVANCE = 100
# Fields that are stored as they come; null for what is left out
PLAIN = ("title", "description", "iconUrl", "overviewUrl", "linkedData", "tags", "scannerParallelShardsDepth", "skipMetaDataIndexing",
         "fileExtensionsToIndex", "indexContentBytes")


class BucketConfig:
    """A bucket of the catalog."""

    def __init__(self, registry, name):
        self.registry, self.name, self.tables = registry, name, {}
        self.indexed = self.snsNotificationArn = None

    def keep(self, sent):
        """Takes over what was sent: everything, for what is left out is gone."""
        vars(self).update({name: sent.get(name) for name in PLAIN})
        self.relevanceScore = RELEVANCE if sent.get("relevanceScore") is None else sent["relevanceScore"]
        self.browsable = bool(sent.get("browsable"))
        self.prefixes = sent.get("prefixes") or []
        self._subscribe(sent.get("snsNotificationArn"))

    def _subscribe(self, wanted):
        """Null adopts the topic that is there, or makes one."""
        made = self.snsNotificationArn not in (None, DO_NOT_SUBSCRIBE)
        if wanted:
            self.snsNotificationArn = wanted
        elif not made:
            self.snsNotificationArn = f"arn:aws:sns:us-east-1:{self.registry.account}:{self.name.replace('.', '_')}-QuiltNotifications-{uuid.uuid4()}"

    def scan(self):
        self.indexed = state.now() + datetime.timedelta(seconds=self.registry.settings["index_seconds"])

    def is_scanned(self):
        """A scan is under way."""
        return self.indexed is not None and self.indexed > state.now()

    def lastIndexed(self, info):
        return None if self.indexed is None or self.is_scanned() else state.stamp(self.indexed)

    def associatedPolicies(self, info):
        return [permission for policy in self.registry.policies for permission in policy.permissions(info) if permission.bucket is self]

    def associatedRoles(self, info):
        roles = [role for role in self.registry.roles if hasattr(role, "permissions")]
        return [permission for role in roles for permission in role.permissions(info) if permission.bucket is self]

    def tabulatorTables(self, info):
        return [Said("TabulatorTable", name=name, config=config) for name, config in sorted(self.tables.items())]


def add(registry, sent):
    from engine import storage
    name = sent["name"]
    if not registry.settings["licence"]:
        return Said("SubscriptionInvalid")
    if name in registry.buckets:
        return Said("BucketAlreadyAdded")
    if not storage.has(registry.account, name):
        return Said("BucketDoesNotExist")
    if name in registry.settings["governed"]:
        raise Fault("Lake Formation has the database")
    wrong = _wrong(registry, name, sent)
    if wrong:
        return Said(wrong[0], **wrong[1])
    bucket = BucketConfig(registry, name)
    bucket.keep(sent)
    registry.buckets[name] = bucket
    if not sent.get("delayScan"):
        bucket.scan()
    return Said("BucketAddSuccess", bucketConfig=bucket)


def update(registry, name, sent):
    bucket = registry.buckets.get(name)
    if not bucket:
        return Said("BucketNotFound")
    wrong = _wrong(registry, name, sent)
    if wrong:
        return Said(wrong[0], **wrong[1])
    bucket.keep(sent)
    return Said("BucketUpdateSuccess", bucketConfig=bucket)


def remove(registry, name):
    bucket = registry.buckets.get(name)
    if not bucket:
        return Said("BucketNotFound")
    if bucket.is_scanned():
        return Said("IndexingInProgress")
    del registry.buckets[name]
    policies.forget_bucket(registry, name)
    return Said("BucketRemoveSuccess")


def _wrong(registry, name, sent):
    """What S3, SNS and the settings are looked at for, each time; the type of the refusal and its fields."""
    settings, topic = registry.settings, sent.get("snsNotificationArn")
    if name in settings["closed"]:
        return "InsufficientPermissions", {"message": settings["closed"][name]}
    if any(not re.fullmatch(r"\.[a-z0-9][a-z0-9.]*", extension) for extension in sent.get("fileExtensionsToIndex") or ()):
        return "BucketFileExtensionsToIndexInvalid", {}
    size = sent.get("indexContentBytes")
    if size not in (None, 0) and not BYTES_MIN <= size <= BYTES_MAX:
        return "BucketIndexContentBytesInvalid", {}
    if topic and topic != DO_NOT_SUBSCRIBE:
        if not re.fullmatch(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]+", topic):
            return "SnsInvalid", {}
        if topic in settings["no_topics"]:
            return "NotificationTopicNotFound", {}
    if not topic and name in settings["elsewhere"]:
        return "NotificationConfigurationError", {}
    return None
