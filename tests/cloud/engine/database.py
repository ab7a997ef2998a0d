"""RDS: an instance made from a snapshot keeps what the snapshot holds, final snapshots have names of their own, a protected instance is not deleted,
versions have upgrade paths."""

import functools
import uuid

from engine import kinds, snapshots

# Classes that can be ordered, by their families
CLASSES = {"t3": ("micro", "small", "medium", "large", "xlarge", "2xlarge"), "t4g": ("micro", "small", "medium", "large", "xlarge", "2xlarge"),
           "m5": ("large", "xlarge", "2xlarge", "4xlarge"), "m6g": ("large", "xlarge", "2xlarge", "4xlarge"), "r5": ("large", "xlarge", "2xlarge")}
# Types of storage, and the GiB that each has
STORAGE = {"gp2": (5, 65536), "gp3": (20, 65536), "io1": (100, 65536)}

# PostgreSQL versions and what each may be upgraded to
UPGRADES = {"11.19": ["11.22"], "11.22": ["12.15", "15.12", "15.15", "15.18"], "12.15": ["15.15", "15.18"], "15.12": ["15.15", "15.18"],
            "15.15": ["15.18"], "15.18": ["16.4"], "16.4": []}


def install():
    from ministack.services import rds
    from ministack.services.cloudformation import provisioners
    kinds.wrap("AWS::RDS::DBInstance", "create", _restored)
    instance = provisioners._RESOURCE_HANDLERS["AWS::RDS::DBInstance"]
    provisioners._rds_db_instance_create = instance["create"]    # replacement calls it by this name
    instance["snapshot"] = _final_snapshot
    kinds.wrap("AWS::RDS::DBInstance", "update", _changed)
    kinds.wrap("AWS::RDS::DBInstance", "delete", _unprotected)
    describe = rds._ACTION_MAP["DescribeDBEngineVersions"]
    rds._ACTION_MAP["DescribeDBEngineVersions"] = lambda params: _versions(describe, params)
    rds._ACTION_MAP["DescribeOrderableDBInstanceOptions"] = _orderable
    rds._ACTION_MAP["DeleteDBInstance"] = functools.partial(_deleted, rds._ACTION_MAP["DeleteDBInstance"])


def _restored(go, logical_id, properties, stack_name):
    """User, database name, size, engine and encryption are the snapshot's, whatever the template says."""
    wanted = properties.get("DBSnapshotIdentifier")
    if not wanted:
        return go(logical_id, properties, stack_name)
    snapshot = snapshots.find(wanted)
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


def _changed(go, instance, old, new, stack_name, logical_id):
    """Another snapshot, or one where there was none, makes a new instance; a snapshot that is named no longer changes nothing."""
    from ministack.services.cloudformation import provisioners
    if new.get("DBSnapshotIdentifier") in (None, "", old.get("DBSnapshotIdentifier")):
        return go(instance, old, new, stack_name, logical_id)
    if new.get("DBInstanceIdentifier"):
        raise ValueError(f"CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename {instance} and update the stack again.")
    made = provisioners._seeded_create(provisioners._rds_db_instance_create, logical_id, new, stack_name)
    provisioners._delete_predecessor(_replaced, instance, old, stack_name, logical_id)
    return made


def _replaced(instance, properties, stack_name, logical_id):
    """UpdateReplacePolicy decides over the old instance, and is Delete unless the template says Snapshot."""
    from ministack.services.cloudformation import _stacks, provisioners
    declared = _stacks.get(stack_name, {}).get("_template", {}).get("Resources", {}).get(logical_id, {})
    if declared.get("UpdateReplacePolicy") == "Snapshot":
        _final_snapshot(instance, properties)
    provisioners._rds_db_instance_delete(instance, properties)


def _final_snapshot(instance, properties):
    from ministack.services import rds
    held = rds._instances.get(instance)
    if held:
        rds._create_snapshot_internal(f"{instance[:200]}-snapshot-{uuid.uuid4().hex[:12]}", held)


_PROTECTED = "Cannot delete protected DB Instance, please disable deletion protection and try again."


def _deleted(go, params):
    """DeleteDBInstance: not a protected one, and not without a word about the final snapshot."""
    from ministack.services import rds
    instance = rds._resolve_instance(rds._p(params, "DBInstanceIdentifier"))
    if instance and kinds.flag(instance.get("DeletionProtection")):
        return rds._error("InvalidParameterCombination", _PROTECTED, 400)
    if instance and rds._p(params, "SkipFinalSnapshot") != "true" and not rds._p(params, "FinalDBSnapshotIdentifier"):
        return rds._error("InvalidParameterCombination", "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.", 400)
    return go(params)


def _unprotected(go, instance, properties):
    from ministack.services import rds
    if kinds.flag(rds._instances.get(instance, {}).get("DeletionProtection")):
        raise kinds.refusal(_PROTECTED, "Rds", 400)
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


def _orderable(params):
    """DescribeOrderableDBInstanceOptions: none for a class or a version that there is not."""
    from ministack.services import rds
    wanted, version = rds._p(params, "DBInstanceClass"), rds._p(params, "EngineVersion")
    classes = [f"db.{family}.{size}" for family, sizes in CLASSES.items() for size in sizes]
    rows = "".join(_option(name, version, kind) for name in classes if wanted in ("", name) and version in UPGRADES for kind in STORAGE)
    return rds._xml(200, "DescribeOrderableDBInstanceOptionsResponse", "<DescribeOrderableDBInstanceOptionsResult>"
                    f"<OrderableDBInstanceOptions>{rows}</OrderableDBInstanceOptions></DescribeOrderableDBInstanceOptionsResult>")


def _option(name, version, kind):
    least, most = STORAGE[kind]
    return (f"<OrderableDBInstanceOption><Engine>postgres</Engine><EngineVersion>{version}</EngineVersion><DBInstanceClass>{name}</DBInstanceClass>"
            f"<LicenseModel>postgresql-license</LicenseModel><MultiAZCapable>true</MultiAZCapable><Vpc>true</Vpc><StorageType>{kind}</StorageType>"
            f"<MinStorageSize>{least}</MinStorageSize><MaxStorageSize>{most}</MaxStorageSize></OrderableDBInstanceOption>")
