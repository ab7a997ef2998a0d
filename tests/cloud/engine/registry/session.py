"""Who asks: sign-in by password, refresh tokens, access tokens, one-time codes and API keys."""

import datetime
import secrets

from engine.registry import keys, state


class Token:
    """A token of a user's; `use` is access or refresh."""

    def __init__(self, user, use, seconds):
        self.user, self.use = user, use
        self.expires = state.now() + datetime.timedelta(seconds=seconds)


class Refusal(Exception):
    """The status and the JSON that a caller gets."""

    def __init__(self, status, body):
        super().__init__(status)
        self.status, self.body = status, body


def login(registry, sent):
    """What `POST /api/login` answers."""
    name, password = sent.get("username"), sent.get("password")
    if not isinstance(name, str) or not isinstance(password, str):
        raise Refusal(400, {"message": "Username and password are required"})
    if not registry.passwords():
        raise Refusal(401, {"error": "Password sign-in is off. Sign in by your identity provider."})
    if not registry.settings["licence"]:
        raise Refusal(400, {"error_code": "SubscriptionInvalid", "message": "Subscription is invalid"})
    user = next((user for user in registry.users.values() if name.lower() in (user.name, user.email.lower())), None)
    if not user:
        raise Refusal(401, {"error": "user does not exist"})
    if user.isSsoOnly or not user.isActive or not _is_password(registry, user, password):
        raise Refusal(401, {"error": "login attempt failed"})
    if not user.role and not user.isAdmin:
        raise Refusal(400, {"message": "Default role not set"})
    user.seen = state.now()
    access, until = _issue(registry, user, "access")
    whole = {"token": access, "access_token": access, "refresh_token": _issue(registry, user, "refresh")[0], "exp": until}
    return {field: whole[field] for field in registry.settings["login_fields"]}


def _is_password(registry, user, password):
    """A user's own; the first administrator's is also what the stack's parameter says."""
    return password in (user.password, registry.stack_password() if user.name == state.ADMIN else user.password)


def exchange(registry, text):
    """What `POST /api/token` answers to a refresh token or a one-time code."""
    held = registry.codes.pop(text, None) or registry.tokens.get(text)
    if not held or held.use != "refresh" or held.expires <= state.now() or not held.user.isActive:
        raise Refusal(401, {"error": "Invalid refresh token"})
    access, until = _issue(registry, held.user, "access")
    return {"refresh_token": _issue(registry, held.user, "refresh")[0], "access_token": access, "expires_at": until}


def code(registry, user):
    """What a person copies from the page after a sign-in."""
    text = secrets.token_urlsafe(16)
    registry.codes[text] = Token(user, "refresh", 600)
    return text


def refresh(registry, header):
    user = caller(registry, header)
    if not user:
        raise Refusal(401, {"error": "Unauthorized"})
    access, until = _issue(registry, user, "access")
    return {"token": access, "exp": until}


def caller(registry, header):
    """The user of an `Authorization`, or None. The word Bearer may be missing."""
    text = header.removeprefix("Bearer ").strip()
    key = next((key for key in registry.keys if key.digest == keys.digest(text)), None)
    if key and key.status() == "ACTIVE":
        key.used = state.now()
        return key.user if key.user.isActive else None
    held = registry.tokens.get(text)
    stands = held and held.use == "access" and held.expires > state.now() and held.user.isActive
    return held.user if stands else None


def is_key(registry, header):
    """Whether an `Authorization` shows an API key."""
    text = header.removeprefix("Bearer ").strip()
    return any(key.digest == keys.digest(text) for key in registry.keys)


def expire(registry, use):
    """Ends all tokens of a use, as time would."""
    for held in registry.tokens.values():
        if held.use == use:
            held.expires = state.now()


def _issue(registry, user, use):
    text = secrets.token_urlsafe(32)
    registry.tokens[text] = token = Token(user, use, registry.settings["token_seconds"] if use == "access" else 90 * 24 * 3600)
    return text, int(token.expires.timestamp())
