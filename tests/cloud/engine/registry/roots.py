"""The fields that a query and a mutation begin with."""

from engine.registry import buckets, keys, mapping, policies, roles, tables, users
from engine.registry.answers import Said


class _Root:
    def __init__(self, registry, caller):
        self.registry, self.caller = registry, caller


class Query(_Root):
    """What is asked."""

    def me(self, info):
        return _Me(self.registry, self.caller) if self.caller else None

    def config(self, info):
        return Said("Config", contentIndexingSettings=Said(
            "ContentIndexingSettings", extensions=[".csv", ".txt"], bytesDefault=buckets.BYTES_DEFAULT, bytesMin=buckets.BYTES_MIN, bytesMax=buckets.BYTES_MAX))

    def subscription(self, info):
        return Said("SubscriptionState", active=self.registry.settings["licence"], timestamp="2026-01-01T00:00:00Z")

    def bucketConfigs(self, info):
        return list(self.registry.buckets.values())

    def bucketConfig(self, info, name):
        return self.registry.buckets.get(name)

    def policies(self, info):
        return self.registry.policies

    def policy(self, info, id):
        return self.registry.policy(id)

    def roles(self, info):
        return self.registry.roles

    def role(self, info, id):
        return self.registry.role(id)

    def defaultRole(self, info):
        return self.registry.default_role

    def admin(self, info):
        return _AdminQueries(self.registry, self.caller)

    def status(self, info):
        canaries = self.registry.settings["canaries"]
        if canaries is None:
            return Said("Unavailable")
        ended = [canary["ok"] for canary in canaries]
        stats = Said("TestStats", passed=ended.count(True), failed=ended.count(False), running=ended.count(None))
        return Said("Status", canaries=canaries, latestStats=stats, reportsBucket=f"reports-{self.registry.account}")


class _Me(_Root):
    def __init__(self, registry, caller):
        super().__init__(registry, caller)
        self.typename = "Me"
        vars(self).update({name: value for name, value in vars(users.told(caller)).items() if name != "typename"})

    def apiKeys(self, info, **wanted):
        return keys.mine(self.registry, self.caller, **wanted)

    def apiKey(self, info, id):
        return next((key for key in keys.mine(self.registry, self.caller) if key.id == id), None)


class _AdminQueries(_Root):
    def user(self, info):
        listed = list(self.registry.users.values())
        return Said("UserAdminQueries", list=listed, get=lambda info, name: self.registry.users.get(name))

    def ssoConfig(self, info):
        return self.registry.sso

    def isDefaultRoleSettingDisabled(self, info):
        return roles.is_default_ruled(self.registry)

    def tabulatorOpenQuery(self, info):
        return self.registry.open_query

    def apiKeys(self, info):
        of_all = lambda info, **wanted: keys.mine(self.registry, None, **wanted)    # noqa: E731
        return Said("APIKeyAdminQueries", list=of_all, get=lambda info, id: next((key for key in self.registry.keys if key.id == id), None))


class Mutation(_Root):
    """What is done."""

    def bucketAdd(self, info, input):
        return buckets.add(self.registry, input)

    def bucketUpdate(self, info, name, input):
        return buckets.update(self.registry, name, input)

    def bucketRemove(self, info, name):
        return buckets.remove(self.registry, name)

    def policyCreateManaged(self, info, input):
        return policies.create_managed(self.registry, input)

    def policyCreateUnmanaged(self, info, input):
        return policies.create_unmanaged(self.registry, input)

    def policyUpdateManaged(self, info, id, input):
        return policies.update_managed(self.registry, id, input)

    def policyUpdateUnmanaged(self, info, id, input):
        return policies.update_unmanaged(self.registry, id, input)

    def policyDelete(self, info, id):
        return policies.delete(self.registry, id)

    def roleCreateManaged(self, info, input):
        return roles.create_managed(self.registry, input)

    def roleCreateUnmanaged(self, info, input):
        return roles.create_unmanaged(self.registry, input)

    def roleUpdateManaged(self, info, id, input):
        return roles.update_managed(self.registry, id, input)

    def roleUpdateUnmanaged(self, info, id, input):
        return roles.update_unmanaged(self.registry, id, input)

    def roleDelete(self, info, id):
        return roles.delete(self.registry, id)

    def roleSetDefault(self, info, id):
        return roles.set_default(self.registry, id)

    def bucketSetTabulatorTable(self, info, bucketName, tableName, config=None):
        return tables.put(self.registry, bucketName, tableName, config)

    def bucketRenameTabulatorTable(self, info, bucketName, tableName, newTableName):
        return tables.rename(self.registry, bucketName, tableName, newTableName)

    def apiKeyCreate(self, info, input):
        return keys.create(self.registry, self.caller, input)

    def apiKeyRevoke(self, info, id=None, secret=None):
        return keys.revoke(self.registry, self.caller, id, secret)

    def admin(self, info):
        return _AdminMutations(self.registry, self.caller)


class _AdminMutations(_Root):
    def user(self, info):
        of = lambda info, name: self.registry.users.get(name)    # noqa: E731
        mutate = lambda info, name: users.MutateUser(self.registry, of(info, name)) if of(info, name) else None    # noqa: E731
        return Said("UserAdminMutations", create=lambda info, input: users.create(self.registry, input), mutate=mutate)

    def setSsoConfig(self, info, config=None):
        return mapping.set_config(self.registry, config, self.caller)

    def bucketSetTabulatorTable(self, info, bucketName, tableName, config=None):
        return tables.put(self.registry, bucketName, tableName, config)

    def bucketRenameTabulatorTable(self, info, bucketName, tableName, newTableName):
        return tables.rename(self.registry, bucketName, tableName, newTableName)

    def setTabulatorOpenQuery(self, info, enabled):
        self.registry.open_query = enabled
        return Said("TabulatorOpenQueryResult", tabulatorOpenQuery=enabled)

    def apiKeys(self, info):
        return Said("APIKeyAdminMutations", revoke=lambda info, id: keys.revoke(self.registry, None, id))
