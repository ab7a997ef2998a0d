"""Users: made with a mail, given roles by name, signed off; those that the stack itself is are left alone."""

import re

from engine.registry import state
from engine.registry.answers import Said, invalid, ok, refused


class User:
    """A user."""

    def __init__(self, registry, name, email, role, extra=(), password=None, **flags):
        self.registry, self.name, self.email, self.role, self.extraRoles = registry, name, email, role, list(extra)
        self.password, self.isActive, self.isAdmin, self.isSsoOnly, self.isService = password, True, False, False, False
        self.joined = self.seen = state.now()
        vars(self).update(flags)

    def dateJoined(self, info):
        return state.stamp(self.joined)

    def lastLogin(self, info):
        return state.stamp(self.seen)

    def isRoleAssignmentDisabled(self, info):
        return self.isSsoOnly and bool(self.registry.sso)

    def isAdminAssignmentDisabled(self, info):
        return self.isSsoOnly and bool(self.registry.sso)


def create(registry, sent):
    name, email = sent["name"], sent["email"]
    if not registry.settings["licence"]:
        return refused("SubscriptionInvalid", "Subscription is invalid")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", name):
        return invalid("input.name", "InvalidName", "Invalid user name")
    if name in registry.users:
        return invalid("input.name", "Conflict", "User with this name already exists")
    wrong = _email(registry, None, email, "input.email")
    if wrong:
        return wrong
    roles = [registry.role_named(role) for role in (sent["role"], *(sent.get("extraRoles") or ()))]
    if None in roles:
        return invalid("input.role", "RolesNotFound", "Role does not exist")
    if registry.settings["mail_fails"]:
        return refused("MailSendError", "The mail could not be sent")
    registry.mails.append({"to": email, "subject": "welcome"})
    return registry.add_user(User(registry, name, email, roles[0], roles[1:]))


class MutateUser:
    """What is done with one user."""

    typename = "MutateUserAdminMutations"

    def __init__(self, registry, user):
        self.registry, self.user = registry, user

    def delete(self, info):
        if self.user is info.context.caller:
            return refused("DeleteSelf", "You can't delete yourself")
        if self.user.isService:
            return _service()
        del self.registry.users[self.user.name]
        self.registry.keys = [key for key in self.registry.keys if key.user is not self.user]
        return ok()

    def setEmail(self, info, email):
        if self.user.isService:
            return _service()
        wrong = _email(self.registry, self.user, email, None)
        if wrong:
            return wrong
        self.user.email = email
        return self.user

    def setRole(self, info, role, extraRoles=None, append=False):
        others = [*self._held(), *(extraRoles or ())] if append else extraRoles or ()
        return self._given([role, *(other for other in others if other != role)])

    def addRoles(self, info, roles):
        return self._given([*self._held(), *(role for role in roles if role not in self._held())])

    def removeRoles(self, info, roles, fallback=None):
        left = [role for role in self._held() if role not in roles]
        if fallback:
            left = [fallback, *(role for role in left if role != fallback)]
        return self._given(left) if left else refused("NoRoles", "A user has a role")

    def setAdmin(self, info, admin):
        if self.user.isAdmin != admin and self.user.isAdminAssignmentDisabled(info):
            return refused("SsoConfigConflict", "The SSO config rules who is admin")
        self.user.isAdmin = admin
        return self.user

    def setActive(self, info, active):
        if self.user.isService:
            return _service()
        self.user.isActive = active
        return self.user

    def resetPassword(self, info):
        self.registry.mails.append({"to": self.user.email, "subject": "password"})
        return ok()

    def _held(self):
        return [role.name for role in (self.user.role, *self.user.extraRoles) if role]

    def _given(self, names):
        if self.user.isService:
            return _service()
        if self.registry.sso:
            return refused("SsoConfigConflict", "The SSO config rules the roles")
        roles = [self.registry.role_named(name) for name in names]
        if None in roles:
            return invalid("role", "RolesNotFound", "Role does not exist")
        self.user.role, self.user.extraRoles = roles[0], list(dict.fromkeys(roles[1:]))
        return self.user


def _email(registry, user, email, path):
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        return invalid(path or "email", "InvalidEmail", "Invalid email")
    if any(other.email.lower() == email.lower() for other in registry.users.values() if other is not user):
        return invalid(path, "Conflict", "Email already in use") if path else refused("EmailAlreadyInUse", "Email already in use")
    return None


def _service():
    return refused("ServiceUser", "Service users can't be changed")


def shown(user):
    """A user as tests read it."""
    named = lambda role: role and role.name    # noqa: E731
    return {"name": user.name, "email": user.email, "role": named(user.role), "extra_roles": [role.name for role in user.extraRoles], "admin": user.isAdmin,
            "active": user.isActive, "sso_only": user.isSsoOnly, "service": user.isService}


def told(user):
    return Said("Me", name=user.name, email=user.email, isAdmin=user.isAdmin, role=user.role, roles=[role for role in (user.role, *user.extraRoles) if role])
