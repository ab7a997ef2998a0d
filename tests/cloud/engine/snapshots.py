"""RDS snapshots: found by name or ARN, made of instances that are available in the time the plan says, copied within a region and across, as many as the quota allows."""

import functools
import re
import time

from engine import plan, quotas

_NAME = re.compile(r"[A-Za-z](?!.*--)[A-Za-z0-9-]{0,254}(?<!-)")
_WRONG = ("The parameter {} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; "
          "and must not end with a hyphen or contain two consecutive hyphens.")


def install():
    from ministack.services import rds
    actions = rds._ACTION_MAP
    actions["CreateDBSnapshot"] = functools.partial(_create, actions["CreateDBSnapshot"])
    actions["CopyDBSnapshot"] = _copy
    for name in ("DescribeDBSnapshots", "DeleteDBSnapshot"):
        actions[name] = functools.partial(_by_arn, actions[name])
    rds._snapshot_xml = functools.partial(_told, rds._snapshot_xml)


def find(wanted):
    """A snapshot by name, or by ARN in any region; None where there is none."""
    from ministack.services import rds
    _, arn, name = wanted.rpartition(":snapshot:")
    if not arn:
        return rds._snapshots.get(name.lower())
    return next((snapshot for snapshot in list(rds._snapshots._data.values()) if snapshot["DBSnapshotArn"] == wanted), None)


def tags(account, region, name):
    """The keys of a snapshot's tags; None where there is no such snapshot."""
    snapshot = find(f"arn:aws:rds:{region}:{account}:snapshot:{name.lower()}")
    return snapshot and [tag["Key"] for tag in snapshot["TagList"]]


def _create(go, params):
    """A plan's rule for the verb `take` on the resource `Snapshot`, with the snapshot for the stack, says how long it takes."""
    from ministack.core.responses import get_account_id
    from ministack.services import rds
    name, instance = rds._p(params, "DBSnapshotIdentifier"), rds._resolve_instance(rds._p(params, "DBInstanceIdentifier"))
    refusal = _unnamed(name, "DBSnapshotIdentifier")
    if not refusal and instance and instance["DBInstanceStatus"] not in ("available", "storage-optimization"):
        refusal = rds._error("InvalidDBInstanceState", f"Instance {instance['DBInstanceIdentifier']} is not currently available.", 400)
    answer = refusal or go({**params, "DBSnapshotIdentifier": [name.lower()]})
    if answer[0] == 200:
        rds._snapshots[name.lower()]["_taking"] = plan.begin(get_account_id(), name.lower(), "Snapshot", "take")
    return answer


def _told(go, snapshot):
    """Creating, with its percent, for as long as it is being taken."""
    taking = snapshot.get("_taking")
    if not plan.lasts(taking):
        return go(snapshot)
    account, rule, end = taking
    left = (end - time.monotonic()) / (plan.scaled(account, rule["hold"]) or 1)
    return go({**snapshot, "Status": "creating", "PercentProgress": max(0, min(99, int(100 - 100 * left)))})


def _unnamed(name, parameter):
    """Why there will be no snapshot of this name, or None."""
    from ministack.services import rds
    if not _NAME.fullmatch(name):
        return rds._error("InvalidParameterValue", _WRONG.format(parameter), 400)
    if name.lower() in rds._snapshots:
        return rds._error("DBSnapshotAlreadyExists", f"Cannot create the snapshot because a snapshot with the identifier {name.lower()} already exists.", 400)
    held = sum(snapshot["SnapshotType"] == "manual" for snapshot in rds._snapshots.values())
    if quotas.used_up("snapshots", held):
        return rds._error("SnapshotQuotaExceeded", f"Cannot create more than {quotas.most('snapshots')} manual snapshots", 400)
    return None


def _copy(params):
    """CopyDBSnapshot: an encrypted one needs a key of the region it comes to."""
    from ministack.core.responses import get_region
    from ministack.services import rds
    wanted, target = rds._p(params, "SourceDBSnapshotIdentifier"), rds._p(params, "TargetDBSnapshotIdentifier").lower()
    source, key = find(wanted), rds._p(params, "KmsKeyId")
    if not source:
        return rds._error("DBSnapshotNotFound", f"DBSnapshot not found: {wanted}", 404)
    refusal = _unnamed(target, "TargetDBSnapshotIdentifier")
    if refusal:
        return refusal
    parts = source["DBSnapshotArn"].split(":")
    if parts[3] != get_region() and source["Encrypted"] and not key:
        return rds._error("InvalidParameterCombination", "The parameter KmsKeyId must be provided and must not be blank.", 400)
    arn = ":".join([*parts[:3], get_region(), *parts[4:-1], target])
    copy = {**source, "_taking": None, "DBSnapshotIdentifier": target, "DBSnapshotArn": arn, "SnapshotType": "manual", "SourceRegion": parts[3],
            "SnapshotCreateTime": rds._format_time(time.time()), "SourceDBSnapshotIdentifier": source["DBSnapshotArn"], "TagList": rds._parse_tags(params) or (source["TagList"] if rds._p(params, "CopyTags") == "true" else [])}
    rds._snapshots[target] = {**copy, "KmsKeyId": key, "Encrypted": True, "StorageEncrypted": True} if key else copy
    rds._tags[arn] = copy["TagList"]
    return rds._xml(200, "CopyDBSnapshotResponse", f"<CopyDBSnapshotResult><DBSnapshot>{rds._snapshot_xml(rds._snapshots[target])}</DBSnapshot></CopyDBSnapshotResult>")


def _by_arn(go, params):
    from ministack.services import rds
    wanted = rds._p(params, "DBSnapshotIdentifier")
    return go({**params, "DBSnapshotIdentifier": [wanted.rpartition(":snapshot:")[2].lower()]} if wanted else params)
