"""Roles: policies together, or the ARN of an IAM role; and the one that new users get."""

import re
import uuid

from engine.registry.answers import Fault, Said
from engine.registry.policies import MAX_POLICIES
from engine.registry.state import CANARY_ROLE

_STRONGER = {"READ": 0, "READ_WRITE": 1}


class ManagedRole:
    """A role whose IAM role the registry makes."""

    def __init__(self, registry, name, held):
        self.registry, self.id, self.name, self.held = registry, str(uuid.uuid4()), name, list(held)
        self.arn = f"arn:aws:iam::{registry.account}:role/quilt/Quilt-{self.id}"

    def policies(self, info):
        return self.held

    def permissions(self, info):
        levels = {}
        for policy in self.held:
            for bucket, level in policy.levels.items():
                levels[bucket] = max(level, levels.get(bucket, level), key=_STRONGER.get)
        return [Said("RoleBucketPermission", role=self, bucket=self.registry.buckets[bucket], level=level) for bucket, level in levels.items()]


class UnmanagedRole:
    """A role that is somebody's IAM role."""

    def __init__(self, registry, name, arn):
        self.registry, self.id, self.name, self.arn = registry, str(uuid.uuid4()), name, arn


def create_managed(registry, sent):
    wrong = _name(registry, None, sent["name"])
    held = _policies(registry, sent)
    if wrong or held is None:
        return Said(wrong or "RoleHasTooManyPoliciesToAttach")
    return _created(registry, ManagedRole(registry, sent["name"], held))


def create_unmanaged(registry, sent):
    wrong = _name(registry, None, sent["name"])
    return Said(wrong) if wrong else _created(registry, UnmanagedRole(registry, sent["name"], sent["arn"]))


def update_managed(registry, identity, sent):
    role = _known(registry, identity)
    held = _policies(registry, sent)
    wrong = _name(registry, role, sent["name"]) or (isinstance(role, UnmanagedRole) and "RoleIsUnmanaged") or (held is None and "RoleHasTooManyPoliciesToAttach")
    if wrong:
        return Said(wrong)
    role.name, role.held = sent["name"], held
    return Said("RoleUpdateSuccess", role=role)


def update_unmanaged(registry, identity, sent):
    role = _known(registry, identity)
    wrong = _name(registry, role, sent["name"]) or (isinstance(role, ManagedRole) and "RoleIsManaged")
    if wrong:
        return Said(wrong)
    role.name, role.arn = sent["name"], sent["arn"]
    return Said("RoleUpdateSuccess", role=role)


def delete(registry, identity):
    role = registry.role(identity)
    if role is None:
        return Said("RoleDoesNotExist")
    if role.name == CANARY_ROLE:
        return Said("RoleNameReserved")
    if role.name in registry.roles_in_mapping():
        return Said("RoleNameUsedBySsoConfig")
    if any(role is held for user in registry.users.values() for held in (user.role, *user.extraRoles)):
        return Said("RoleAssigned")
    registry.roles.remove(role)
    if registry.default_role is role:
        registry.default_role = None
    return Said("RoleDeleteSuccess")


def set_default(registry, identity):
    role = registry.role(identity)
    if role is None:
        return Said("RoleDoesNotExist")
    if is_default_ruled(registry):
        return Said("SsoConfigConflict")
    registry.default_role = role
    return Said("RoleSetDefaultSuccess", role=role)


def is_default_ruled(registry):
    """The sign-in mapping rules the default role where nobody signs up by password."""
    return bool(registry.sso) and not registry.passwords()


def _known(registry, identity):
    role = registry.role(identity)
    if role is None:
        raise Fault("an update has no word for a role that is not there")
    return role


def _name(registry, role, name):
    """The refusal of a name, or None."""
    if role and role.name == name:
        return "RoleNameReserved" if name == CANARY_ROLE else None
    if CANARY_ROLE in (name, role and role.name):
        return "RoleNameReserved"
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        return "RoleNameInvalid"
    if registry.role_named(name):
        return "RoleNameExists"
    return "RoleNameUsedBySsoConfig" if role and role.name in registry.roles_in_mapping() else None


def _policies(registry, sent):
    """The policies, or None for too many."""
    held = [registry.policy(identity) for identity in sent["policies"]]
    if None in held:
        raise Fault("a foreign key: no such policy")
    return None if len(held) > MAX_POLICIES else held


def _created(registry, role):
    registry.roles.append(role)
    return Said("RoleCreateSuccess", role=role)
