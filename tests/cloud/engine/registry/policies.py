"""Policies: buckets with a level, or the ARN of an IAM policy."""

import re
import uuid

from engine.registry.answers import Fault, Said, invalid, ok, refused

MAX_POLICIES = 5


class Policy:
    """A policy; one with an ARN of its own is not managed."""

    def __init__(self, registry, title, levels, arn=None):
        self.registry, self.id, self.title = registry, str(uuid.uuid4()), title
        self.managed = arn is None
        self.arn = arn or f"arn:aws:iam::{registry.account}:policy/quilt/Quilt-{self.id}"
        self.levels = dict(levels)    # bucket -> level

    def permissions(self, info):
        return [Said("PolicyBucketPermission", policy=self, bucket=self.registry.buckets[name], level=level) for name, level in self.levels.items()]

    def roles(self, info=None):
        return [role for role in self.registry.roles if self in getattr(role, "held", ())]


def create_managed(registry, sent):
    return _checked(registry, None, sent) or _stored(registry, _new(registry, sent, _levels(registry, sent)), sent)


def create_unmanaged(registry, sent):
    return _checked(registry, None, sent) or _stored(registry, _new(registry, sent, {}, sent["arn"]), sent)


def update_managed(registry, identity, sent):
    policy = registry.policy(identity)
    return _checked(registry, policy, sent, managed=True) or _stored(registry, policy, sent, levels=_levels(registry, sent))


def update_unmanaged(registry, identity, sent):
    policy = registry.policy(identity)
    return _checked(registry, policy, sent, managed=False) or _stored(registry, policy, sent)


def delete(registry, identity):
    policy = registry.policy(identity)
    if policy is None:
        return _absent()
    if policy.roles():
        return refused("PolicyAssigned", "Policy is assigned to a role")
    registry.policies.remove(policy)
    return ok()


def forget_bucket(registry, name):
    for policy in registry.policies:
        policy.levels.pop(name, None)


def _absent():
    return invalid("id", "PolicyDoesNotExist", "Policy does not exist")


def _checked(registry, policy, sent, managed=None):
    """What is wrong with what was sent, or None. `managed` is said by an update, whose policy is looked for."""
    if managed is not None and policy is None:
        return _absent()
    if policy and policy.managed is not managed:
        raise Fault("the two kinds of policies are two tables")
    others = [other for other in registry.policies if other is not policy]
    title, arn = sent["title"], sent.get("arn")
    if not title.strip():
        return invalid("input.title", "ValidationError", "Title must not be blank")
    if any(other.title == title for other in others):
        return invalid("input.title", "PolicyTitleConflict", "Policy with this title already exists")
    if arn is not None and not re.fullmatch(r"arn:aws[a-z-]*:iam::(\d{12}|aws):policy/\S+", arn):
        return invalid("input.arn", "PolicyArnInvalid", "Invalid policy ARN")
    if arn is not None and any(other.arn == arn for other in others):
        return invalid("input.arn", "PolicyArnConflict", "Policy with this ARN already exists")
    if any(len([held for held in role.held if held is not policy]) >= MAX_POLICIES for role in _roles(registry, sent)):
        return invalid("input.roles", "RoleHasTooManyPoliciesToAttach", "Too many policies", max_policies=MAX_POLICIES)
    return None


def _roles(registry, sent):
    roles = [registry.role(identity) for identity in sent["roles"]]
    if any(not hasattr(role, "held") for role in roles):
        raise Fault("a foreign key: no such managed role")
    return roles


def _levels(registry, sent):
    names = [permission["bucket"] for permission in sent["permissions"]]
    if len(set(names)) < len(names):
        raise Fault("the key is policy and bucket")
    if any(name not in registry.buckets for name in names):
        raise Fault("a foreign key: no such bucket")
    return {permission["bucket"]: permission["level"] for permission in sent["permissions"]}


def _new(registry, sent, levels, arn=None):
    policy = Policy(registry, sent["title"], levels, arn)
    registry.policies.append(policy)
    return policy


def _stored(registry, policy, sent, levels=None):
    """Everything is replaced, the roles that hold it too."""
    policy.title = sent["title"]
    policy.levels = policy.levels if levels is None else levels
    if not policy.managed:
        policy.arn = sent["arn"]
    holding = _roles(registry, sent)
    for role in registry.roles:
        if hasattr(role, "held"):
            role.held = [held for held in role.held if held is not policy] + [policy] * (role in holding)
    if policy.managed and registry.settings["drops_permissions"] > 0:
        registry.settings["drops_permissions"] -= 1
        policy.levels = {}
        raise Fault("the policy was written before its buckets")
    return policy
