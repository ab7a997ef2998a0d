"""Transit gateways and what attaches a network to one, and flow logs: ministack knows no gateway, and neither type in a stack."""

from engine import kinds


class _Stores:
    gateways = attachments = None


def install():
    from ministack.core.responses import AccountRegionScopedDict
    _Stores.gateways, _Stores.attachments = AccountRegionScopedDict(), AccountRegionScopedDict()
    actions = _ec2()._ACTION_MAP
    actions.update(CreateTransitGateway=_create, DescribeTransitGateways=_described, DescribeTransitGatewayAttachments=_attached)
    kinds.register("AWS::EC2::TransitGatewayAttachment", _attach, _detach, _reattach, replaces=("TransitGatewayId", "VpcId"))
    kinds.register("AWS::EC2::FlowLog", _record, _stop,
                   replaces=("DeliverLogsPermissionArn", "LogDestination", "LogDestinationType", "LogGroupName", "ResourceId", "ResourceType", "TrafficType"))
    for verb in ("create", "update"):
        kinds.wrap("AWS::EC2::Route", verb, _route_checked)


def _ec2():
    from ministack.services import ec2
    return ec2


# --- gateways

def _create(params):
    gateway = kinds.new_id("tgw")
    _Stores.gateways[gateway] = {"state": "available"}
    return _ec2()._xml(200, "CreateTransitGatewayResponse", f"<transitGateway>{_shown(gateway)}</transitGateway>")


def _shown(gateway):
    return f"<transitGatewayId>{gateway}</transitGatewayId><state>{_Stores.gateways[gateway]['state']}</state>"


def _described(params):
    ec2 = _ec2()
    filters, ids = ec2._parse_filters(params), ec2._parse_member_list(params, "TransitGatewayIds")
    wanted = filters.get("transit-gateway-id")
    gone = [gateway for gateway in ids if gateway not in _Stores.gateways]
    if gone:
        return ec2._error("InvalidTransitGatewayID.NotFound", f"Transit Gateway {gone[0]} was deleted or does not exist.", 400)
    found = [gateway for gateway in _Stores.gateways if (not ids or gateway in ids) and (not wanted or gateway in wanted)]
    items = "".join(f"<item>{_shown(gateway)}</item>" for gateway in found)
    return ec2._xml(200, "DescribeTransitGatewaysResponse", f"<transitGatewaySet>{items}</transitGatewaySet>")


def _attached(params):
    items = "".join(f"<item><transitGatewayAttachmentId>{key}</transitGatewayAttachmentId><transitGatewayId>{held['gateway']}</transitGatewayId>"
                    f"<resourceId>{held['vpc']}</resourceId><state>available</state></item>" for key, held in _Stores.attachments.items())
    return _ec2()._xml(200, "DescribeTransitGatewayAttachmentsResponse", f"<transitGatewayAttachments>{items}</transitGatewayAttachments>")


# --- what attaches a network

def _attach(logical_id, properties, stack_name):
    gateway = properties.get("TransitGatewayId")
    if gateway not in _Stores.gateways:
        raise kinds.refusal(f"Transit Gateway {gateway} was deleted or does not exist.", "Ec2", 400)
    zones = [_ec2()._subnets[subnet]["AvailabilityZone"] for subnet in properties.get("SubnetIds") or []]
    if len(set(zones)) != len(zones):
        raise kinds.refusal("Duplicate Subnets for same AZ", "Ec2", 400)
    attachment = kinds.new_id("tgw-attach")
    _Stores.attachments[attachment] = {"gateway": gateway, "vpc": properties["VpcId"], "options": properties.get("Options") or {}}
    return attachment, {"Id": attachment}


def _reattach(attachment, old, new, stack_name):
    _Stores.attachments[attachment]["options"] = new.get("Options") or {}
    return attachment, {"Id": attachment}


def _detach(attachment, properties):
    if _Stores.attachments.pop(attachment, None) is None:
        raise kinds.Gone(attachment)


def _route_checked(go, *given):
    """A route leads to a gateway only from a network that is attached to it."""
    properties = given[1] if len(given) == 3 else given[2]
    gateway = properties.get("TransitGatewayId")
    table = _ec2()._route_tables.get(properties.get("RouteTableId"), {})
    attached = any(held["gateway"] == gateway and held["vpc"] == table.get("VpcId") for held in _Stores.attachments.values())
    if gateway and not attached:
        raise kinds.refusal(f"The transitGateway ID '{gateway}' does not exist", "Ec2", 400)
    return go(*given)


# --- flow logs

def _record(logical_id, properties, stack_name):
    kind = properties.get("LogDestinationType", "cloud-watch-logs")
    if kind == "cloud-watch-logs" and not properties.get("DeliverLogsPermissionArn"):
        raise kinds.refusal("DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.", "Ec2", 400)
    bucket = properties.get("LogDestination", "").rpartition(":::")[2].partition("/")[0]
    if kind == "s3" and not _bucket(bucket):
        raise kinds.refusal(f"LogDestination: {bucket} does not exist", "Ec2", 400)
    log = kinds.new_id("fl")
    _ec2()._flow_logs[log] = {"FlowLogId": log, "ResourceId": properties["ResourceId"], "ResourceType": properties["ResourceType"],
                              "TrafficType": properties.get("TrafficType", "ALL"), "LogDestinationType": kind,
                              "LogDestination": properties.get("LogDestination") or properties.get("LogGroupName"), "FlowLogStatus": "ACTIVE",
                              "CreationTime": _ec2()._now_ts()}
    return log, {"Id": log}


def _bucket(name):
    from ministack.services import s3
    return name in s3._buckets


def _stop(log, properties):
    if _ec2()._flow_logs.pop(log, None) is None:
        raise kinds.Gone(log)
