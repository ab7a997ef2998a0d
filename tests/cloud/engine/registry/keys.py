"""API keys: made for oneself, told once, gone when revoked."""

import datetime
import hashlib
import secrets
import uuid

from engine.registry import state
from engine.registry.answers import Said, invalid, ok


class APIKey:
    """A key; its secret is kept as a digest."""

    def __init__(self, user, name, days, secret):
        self.user, self.id, self.name, self.digest = user, str(uuid.uuid4()), name, digest(secret)
        self.fingerprint = f"{secret[:6]}...{secret[-3:]}"
        self.created, self.used = state.now(), None
        self.expires = self.created + datetime.timedelta(days=days)

    def createdAt(self, info):
        return state.stamp(self.created)

    def expiresAt(self, info):
        return state.stamp(self.expires)

    def lastUsedAt(self, info):
        return state.stamp(self.used)

    def userEmail(self, info):
        return self.user.email

    def status(self, info=None):
        return "EXPIRED" if self.expires <= state.now() else "ACTIVE"


def digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


def create(registry, user, sent):
    name, days = sent["name"], sent["expiresInDays"]
    if not name.strip():
        return invalid("input.name", "ValueError", "Name must not be blank")
    if not 1 <= days <= 365:
        return invalid("input.expiresInDays", "ValueError", "Must be between 1 and 365")
    secret = f"qk_{secrets.token_urlsafe(32)}"
    key = APIKey(user, name, days, secret)
    registry.keys.append(key)
    return Said("APIKeyCreated", apiKey=key, secret=secret)


def revoke(registry, user, identity=None, secret=None):
    """One's own; of anybody's where `user` is None."""
    if (identity is None) == (secret is None):
        return invalid(None, "ValueError", "Exactly one of id and secret")
    found = next((key for key in mine(registry, user) if key.id == identity or (secret and key.digest == digest(secret))), None)
    if not found:
        return invalid("id" if identity else "secret", "NotFound", "API key not found")
    registry.keys.remove(found)
    return ok()


def mine(registry, user, email=None, name=None, fingerprint=None, status=None):
    wanted = [("userEmail", email), ("name", name), ("fingerprint", fingerprint), ("status", status)]
    value = lambda key, field: getattr(key, field)(None) if callable(getattr(key, field)) else getattr(key, field)    # noqa: E731
    fits = lambda key: all(given is None or value(key, field) == given for field, given in wanted)    # noqa: E731
    return [key for key in registry.keys if (user is None or key.user is user) and fits(key)]


def age(registry, name, days):
    """So many days go by for the keys of a name."""
    passed = datetime.timedelta(days=days)
    for key in registry.keys:
        if key.name == name:
            key.created, key.expires = key.created - passed, key.expires - passed
