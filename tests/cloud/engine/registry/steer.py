"""What tests ask of a registry and set of it, past every rule: `/_cloud/registry…`."""

from engine.registry import door, keys, language, mapping, session, state, users


def control(request, account):
    """Status and answer, or None where this is nothing of the registry's."""
    registry = state.of(account)
    sent = door._read(request.body) if request.body else {}
    match request.method, request.path:
        case "GET", "/_cloud/registry/schema":
            return 200, language.fields(request.query["platform"])
        case "GET", "/_cloud/registry":
            return 200, shown(registry)
        case "PUT", "/_cloud/registry":
            return _set(registry, sent)
        case "POST", "/_cloud/registry/graphql":    # another administrator, in the catalog's own pages
            return door.run(registry, registry.users[sent.get("as", state.ADMIN)], sent)
        case "POST", "/_cloud/registry/expire":
            session.expire(registry, sent["use"])
            return 200, {}
        case "POST", "/_cloud/registry/age":
            keys.age(registry, sent["name"], sent["days"])
            return 200, {}
        case "POST", "/_cloud/registry/code":
            return 200, {"code": session.code(registry, registry.users[sent["name"]])}
        case "POST", "/_cloud/registry/sign-in":
            return 200, mapping.sign_in(registry, sent["email"], sent.get("claims", {}))
        case "POST", "/_cloud/registry/password":
            registry.users[sent["name"]].password = sent["password"]
            return 200, {}
    return None


def _set(registry, wanted):
    unknown = sorted(set(wanted) - set(state.SETTINGS))
    if unknown:
        return 400, {"error": f"a registry has no setting {', '.join(unknown)}; it has {', '.join(state.SETTINGS)}"}
    registry.settings.update(wanted)
    return 200, registry.settings


def shown(registry):
    """Everything that is stored, with names for identities; no secrets."""
    bucket = lambda held: {name: value for name, value in vars(held).items() if name not in ("registry", "indexed")} | {"lastIndexed": held.lastIndexed(None)}    # noqa: E731
    return {
        "settings": registry.settings,
        "buckets": {name: bucket(held) for name, held in registry.buckets.items()},
        "policies": {held.title: {"id": held.id, "arn": held.arn, "managed": held.managed, "levels": held.levels} for held in registry.policies},
        "roles": {held.name: {"id": held.id, "arn": held.arn, "policies": [policy.title for policy in held.held] if hasattr(held, "held") else None}
                  for held in registry.roles},
        "users": {name: users.shown(user) for name, user in registry.users.items()},
        "default_role": registry.default_role and registry.default_role.name,
        "mapping": registry.sso and {"text": registry.sso.text, "uploader": registry.sso.uploader.name},
        "open_query": registry.open_query,
        "keys": [{"id": key.id, "name": key.name, "user": key.user.name, "status": key.status(), "fingerprint": key.fingerprint} for key in registry.keys],
        "mails": registry.mails,
    }
