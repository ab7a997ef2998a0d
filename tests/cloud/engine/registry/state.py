"""What the registry of an account holds, and what a test has set of its behaviour."""

import datetime
import uuid

from engine.registry.answers import Fault

ADMIN, PASSWORD = "admin", "hunter2hunter2"
CANARY_ROLE, CANARY_POLICY, CANARY_USER = "Canary", "CanaryBucketAccess", "_canary"

# What a test may set, and how it is otherwise
SETTINGS = {
    "platform": "1.71.0",
    "password_auth": "ENABLED",     # what config.json says; other than ENABLED, passwords are refused
    "registry_url": None,           # what config.json says instead of the address
    "login_fields": ["token", "access_token", "refresh_token", "exp"],
    "unauthorized": "http",         # how a bad token is refused: http (401) or graphql (200 with an error)
    "licence": True,
    "index_seconds": 0,             # how long a scan takes
    "elsewhere": [],                # buckets whose notifications go elsewhere
    "closed": {},                   # bucket: what the stack may not do there
    "governed": [],                 # buckets under Lake Formation: adding one is a fault
    "no_topics": [],                # topics that are not there
    "mail_fails": False,
    "drops_permissions": 0,         # so many of the next policies are stored without their buckets, and end in a fault
    "canaries": None,               # None: a stack without canaries
    "token_seconds": 90 * 24 * 3600,
    "keys_make_keys": True,         # whoever has signed in by a key may make another one
}

_registries = {}


def of(account):
    """The account's registry; as a new stack's is, if nobody has asked yet."""
    if account not in _registries:
        _registries[account] = Registry(account)
    return _registries[account]


def forget(account=None):
    for known in [account] if account else list(_registries):
        _registries.pop(known, None)


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def stamp(moment):
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def only_uuid(identity):
    """Identities are a column of UUIDs: the database refuses to compare anything else."""
    try:
        return str(uuid.UUID(identity))
    except ValueError:
        raise Fault(f"{identity} is no UUID") from None


class Registry:
    """One registry."""

    def __init__(self, account):
        from engine.registry import policies, roles, users
        self.account, self.settings = account, dict(SETTINGS)
        self.buckets, self.policies, self.roles, self.users = {}, [], [], {}
        self.tokens, self.keys, self.codes, self.mails = {}, [], {}, []
        self.default_role = self.sso = None
        self.open_query = False
        canary = policies.Policy(self, CANARY_POLICY, [])
        self.policies.append(canary)
        self.roles += [roles.ManagedRole(self, CANARY_ROLE, [canary]),
                       *(roles.UnmanagedRole(self, name, f"arn:aws:iam::{account}:role/{name}") for name in ("ReadQuiltBucket", "ReadWriteQuiltBucket"))]
        self.add_user(users.User(self, ADMIN, "admin@example.com", self.roles[2], password=PASSWORD, isAdmin=True))
        self.add_user(users.User(self, CANARY_USER, "canary@quiltdata.io", self.roles[0], isService=True))

    def add_user(self, user):
        self.users[user.name] = user
        return user

    def role(self, identity):
        identity = only_uuid(identity)
        return next((role for role in self.roles if role.id == identity), None)

    def role_named(self, name):
        return next((role for role in self.roles if role.name == name), None)

    def policy(self, identity):
        identity = only_uuid(identity)
        return next((policy for policy in self.policies if policy.id == identity), None)

    def roles_in_mapping(self):
        return self.sso.roles() if self.sso else set()

    def password_auth(self):
        """What a test has set, or else what the stack was told."""
        off = self.settings["password_auth"] == "ENABLED" and self._told("PasswordAuth") == "Disabled"
        return "DISABLED" if off else self.settings["password_auth"]

    def passwords(self):
        """Whether people sign in by password."""
        return self.password_auth() == "ENABLED"

    def stack_password(self):
        """What the stack was told the first administrator's password is; None without a stack that says so."""
        return self._told("AdminPassword")

    def _told(self, parameter):
        """What the account's stack was told; None where none was told anything."""
        from ministack.core import responses
        from ministack.services.cloudformation import _stacks
        responses.set_request_account_id(self.account)
        responses.set_request_region("us-east-1")
        said = (stack.get("_resolved_params", {}).get(parameter) for stack in _stacks.values() if stack["StackStatus"] != "DELETE_COMPLETE")
        return next((value["Value"] for value in said if value and value.get("Value")), None)

    def platform_has(self, *version):
        from engine.registry import language
        return language.version(self.settings["platform"]) >= version
