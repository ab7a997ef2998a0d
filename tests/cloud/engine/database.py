"""RDS for CloudFormation: an instance made from a snapshot keeps what the snapshot holds, a protected one is not deleted, versions have upgrade paths."""

from engine import kinds

# PostgreSQL versions and what each may be upgraded to
UPGRADES = {"11.19": ["11.22"], "11.22": ["12.15", "15.12", "15.15", "15.18"], "12.15": ["15.15", "15.18"], "15.12": ["15.15", "15.18"],
            "15.15": ["15.18"], "15.18": ["16.4"], "16.4": []}


def install():
    from ministack.services import rds
    from ministack.services.cloudformation import provisioners
    kinds.wrap("AWS::RDS::DBInstance", "create", _restored)
    provisioners._rds_db_instance_create = provisioners._RESOURCE_HANDLERS["AWS::RDS::DBInstance"]["create"]    # replacement calls it by this name
    kinds.wrap("AWS::RDS::DBInstance", "delete", _unprotected)
    describe = rds._ACTION_MAP["DescribeDBEngineVersions"]
    rds._ACTION_MAP["DescribeDBEngineVersions"] = lambda params: _versions(describe, params)


def _restored(go, logical_id, properties, stack_name):
    """User, database name, size, engine and encryption are the snapshot's, whatever the template says."""
    from ministack.services import rds
    wanted = properties.get("DBSnapshotIdentifier")
    if not wanted:
        return go(logical_id, properties, stack_name)
    snapshot = rds._snapshots.get(wanted.rpartition(":snapshot:")[2])
    if not snapshot:
        raise kinds.refusal(f"DBSnapshot not found: {wanted}", "Rds", 404)
    kept = {"MasterUsername": snapshot["MasterUsername"], "DBName": snapshot["DBName"], "StorageEncrypted": snapshot["Encrypted"]}
    defaults = {name: snapshot[name] for name in ("Engine", "EngineVersion", "AllocatedStorage")}
    _upgradable(snapshot["EngineVersion"], str(properties.get("EngineVersion", snapshot["EngineVersion"])))
    return go(logical_id, {**defaults, **properties, **kept}, stack_name)


def _upgradable(held, wanted):
    known = held == wanted or wanted == held.partition(".")[0] or held not in UPGRADES
    if not known and wanted not in UPGRADES[held] and not any(target.partition(".")[0] == wanted for target in UPGRADES[held]):
        raise kinds.refusal(f"Cannot upgrade postgres from {held} to {wanted}", "Rds", 400)


def _unprotected(go, instance, properties):
    from ministack.services import rds
    if kinds.flag(rds._instances.get(instance, {}).get("DeletionProtection")):
        raise kinds.refusal("Cannot delete protected DB Instance, please disable deletion protection and try again.", "Rds", 400)
    return go(instance, properties)


def _versions(go, params):
    from ministack.services import rds
    wanted = rds._p(params, "EngineVersion")
    if rds._p(params, "Engine") != "postgres":
        return go(params)
    rows = "".join(_version(version, targets) for version, targets in UPGRADES.items() if wanted in ("", version, version.partition(".")[0]))
    return rds._xml(200, "DescribeDBEngineVersionsResponse", f"<DescribeDBEngineVersionsResult><DBEngineVersions>{rows}</DBEngineVersions></DescribeDBEngineVersionsResult>")


def _version(version, targets):
    major = lambda number: number.partition(".")[0]
    rows = "".join(f"<UpgradeTarget><Engine>postgres</Engine><EngineVersion>{target}</EngineVersion><Description>PostgreSQL {target}</Description>"
                   f"<AutoUpgrade>false</AutoUpgrade><IsMajorVersionUpgrade>{str(major(version) != major(target)).lower()}</IsMajorVersionUpgrade></UpgradeTarget>"
                   for target in targets)
    return (f"<DBEngineVersion><Engine>postgres</Engine><EngineVersion>{version}</EngineVersion><DBParameterGroupFamily>postgres{major(version)}</DBParameterGroupFamily>"
            f"<ValidUpgradeTarget>{rows}</ValidUpgradeTarget><Status>available</Status></DBEngineVersion>")
