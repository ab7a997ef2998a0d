"""EC2 for a Quilt network: addresses and what is left of them, NAT and egress-only gateways, IPv6, single security group rules, endpoints with interfaces and names."""

import ipaddress
import itertools
import uuid

from engine import kinds

_blocks = itertools.count()    # every VPC gets an IPv6 block of its own


def install():
    kinds.register("AWS::EC2::EIP", _address, _address_gone, lambda physical_id, old, new, stack: (physical_id, _address_attributes(physical_id)))
    kinds.register("AWS::EC2::NatGateway", _nat, _nat_gone, lambda physical_id, old, new, stack: (physical_id, {"NatGatewayId": physical_id}),
                   replaces=("AllocationId", "SubnetId", "ConnectivityType"))
    kinds.register("AWS::EC2::EgressOnlyInternetGateway", _egress, _egress_gone, replaces=("VpcId",))
    kinds.register("AWS::EC2::VPCCidrBlock", _block, _block_gone, replaces=("VpcId", "CidrBlock", "AmazonProvidedIpv6CidrBlock"))
    for name, side in (("Ingress", "IpPermissions"), ("Egress", "IpPermissionsEgress")):
        kinds.register(f"AWS::EC2::SecurityGroup{name}", *_rule(side))
    for verb in ("create", "update"):
        kinds.wrap("AWS::EC2::VPC", verb, _vpc_checked)
        kinds.wrap("AWS::EC2::VPCEndpoint", verb, _endpoint_completed)
    kinds.wrap("AWS::EC2::Subnet", "create", _subnet_checked)
    _show_ipv6()
    _show_endpoints()


def _ec2():
    from ministack.services import ec2
    return ec2


def _tag(resource_id, properties):
    from ministack.services.cloudformation import provisioners
    provisioners._ec2_apply_tags(resource_id, properties)


# --- addresses and gateways

def _address(logical_id, properties, stack_name):
    allocation, public = kinds.new_id("eipalloc"), "52.{}.{}.{}".format(*uuid.uuid4().bytes[:3])
    _ec2()._addresses[allocation] = {"AllocationId": allocation, "PublicIp": public, "Domain": properties.get("Domain", "vpc"), "AssociationId": None,
                                     "InstanceId": None, "NetworkInterfaceId": None, "PrivateIpAddress": None}
    _tag(allocation, properties)
    return public, {"AllocationId": allocation, "PublicIp": public}


def _address_attributes(public):
    return next(({"AllocationId": key, "PublicIp": public} for key, held in _ec2()._addresses.items() if held["PublicIp"] == public), {})


def _address_gone(public, properties):
    allocation = _address_attributes(public).get("AllocationId")
    if not allocation:
        raise kinds.Gone(public)
    del _ec2()._addresses[allocation]


def _nat(logical_id, properties, stack_name):
    ec2 = _ec2()
    subnet = ec2._subnets.get(properties.get("SubnetId"))
    if not subnet:
        raise kinds.refusal(f"The subnet ID '{properties.get('SubnetId')}' does not exist", "Ec2", 400)
    allocation = properties.get("AllocationId")
    if properties.get("ConnectivityType", "public") == "public" and allocation not in ec2._addresses:
        raise kinds.refusal(f"The elastic-ip ID '{allocation}' does not exist", "Ec2", 400)
    nat = kinds.new_id("nat")
    ec2._nat_gateways[nat] = {"NatGatewayId": nat, "SubnetId": subnet["SubnetId"], "VpcId": subnet["VpcId"], "AllocationId": allocation, "State": "available",
                              "ConnectivityType": properties.get("ConnectivityType", "public"), "CreateTime": ec2._now_ts(), "Tags": []}
    _tag(nat, properties)
    return nat, {"NatGatewayId": nat}


def _nat_gone(nat, properties):
    if nat not in _ec2()._nat_gateways:
        raise kinds.Gone(nat)
    _ec2()._nat_gateways[nat]["State"] = "deleted"


def _egress(logical_id, properties, stack_name):
    gateway = kinds.new_id("eigw")
    _ec2()._egress_igws[gateway] = {"EgressOnlyInternetGatewayId": gateway, "VpcId": properties["VpcId"], "State": "attached", "Tags": []}
    _tag(gateway, properties)
    return gateway, {"Id": gateway}


def _egress_gone(gateway, properties):
    _ec2()._egress_igws.pop(gateway, None)


# --- blocks

def _vpc_checked(go, *given):
    """`given` ends with (properties, stack) on create and (old, new, stack, logical id) on update."""
    properties = given[1] if len(given) == 3 else given[2]
    _check_block(properties.get("CidrBlock"), 16, 28, "cidrBlock")
    vpc, attributes = go(*given)
    record = _ec2()._vpcs[vpc]
    blocks = [block["Block"] for block in record.get("Ipv6Blocks", [])]
    return vpc, {**attributes, "CidrBlock": record["CidrBlock"], "Ipv6CidrBlocks": blocks, "CidrBlockAssociations": [f"vpc-cidr-assoc-{vpc[4:]}"]}


def _check_block(block, widest, narrowest, name):
    if not block:
        return
    try:
        size = ipaddress.ip_network(block).prefixlen
    except ValueError:
        raise kinds.refusal(f"Value ({block}) for parameter {name} is invalid. This is not a valid CIDR block.", "Ec2", 400) from None
    if not widest <= size <= narrowest:
        raise kinds.refusal(f"The CIDR '{block}' is invalid.", "Ec2", 400)


def _block(logical_id, properties, stack_name):
    vpc = _ec2()._vpcs.get(properties.get("VpcId"))
    if not vpc:
        raise kinds.refusal(f"The vpc ID '{properties.get('VpcId')}' does not exist", "Ec2", 400)
    association, block = kinds.new_id("vpc-cidr-assoc"), properties.get("CidrBlock")
    attributes = {"Id": association, "VpcId": vpc["VpcId"]}
    if kinds.flag(properties.get("AmazonProvidedIpv6CidrBlock")):
        block = f"2600:1f18:{next(_blocks) % 0xffff + 1:x}:{uuid.uuid4().int % 0xff:x}00::/56"
        vpc.setdefault("Ipv6Blocks", []).append({"Id": association, "Block": block})
        _tell_vpc(stack_name, vpc)
        attributes["Ipv6CidrBlock"] = block
    return association, {**attributes, "CidrBlock": block}


def _tell_vpc(stack_name, vpc):
    """`Fn::GetAtt VPC.Ipv6CidrBlocks` sees a block as soon as it is associated."""
    from ministack.services.cloudformation import _stacks
    for record in _stacks.get(stack_name, {}).get("_resources", {}).values():
        if record["PhysicalResourceId"] == vpc["VpcId"]:
            record["Attributes"] = {**record["Attributes"], "Ipv6CidrBlocks": [block["Block"] for block in vpc["Ipv6Blocks"]]}


def _block_gone(association, properties):
    vpc = _ec2()._vpcs.get(properties.get("VpcId"))
    if not vpc:
        raise kinds.Gone(association)
    vpc["Ipv6Blocks"] = [block for block in vpc.get("Ipv6Blocks", []) if block["Id"] != association]


def _subnet_checked(go, logical_id, properties, stack_name):
    vpc = _ec2()._vpcs.get(properties.get("VpcId"))
    if not vpc:
        raise kinds.refusal(f"The vpc ID '{properties.get('VpcId')}' does not exist", "Ec2", 400)
    block = properties.get("CidrBlock")
    _check_block(block, 16, 28, "cidrBlock")
    if block and not ipaddress.ip_network(block).subnet_of(ipaddress.ip_network(vpc["CidrBlock"])):
        raise kinds.refusal(f"The CIDR '{block}' is invalid.", "Ec2", 400)
    if block and any(ipaddress.ip_network(block).overlaps(ipaddress.ip_network(other["CidrBlock"]))
                     for other in _ec2()._subnets.values() if other["VpcId"] == vpc["VpcId"]):
        raise kinds.refusal(f"The CIDR '{block}' conflicts with another subnet", "Ec2", 400)
    subnet, attributes = go(logical_id, properties, stack_name)
    six = properties.get("Ipv6CidrBlock")
    if six:
        _ec2()._subnets[subnet]["Ipv6Block"] = six
        _ec2()._subnets[subnet]["AssignIpv6"] = kinds.flag(properties.get("AssignIpv6AddressOnCreation"))
    return subnet, {**attributes, "VpcId": vpc["VpcId"], "CidrBlock": block, "Ipv6CidrBlocks": [six] if six else []}


def _show_ipv6():
    """DescribeVpcs and DescribeSubnets know no IPv6 in ministack, and each subnet has as many free addresses; its answers get both put in."""
    ec2 = _ec2()
    vpc_xml, subnet_xml = ec2._vpc_fields_xml, ec2._subnet_fields_xml

    def vpc_with_ipv6(vpc, tag="item"):
        items = "".join(_association(block["Id"], block["Block"]) for block in vpc.get("Ipv6Blocks", []))
        return _put_in(vpc_xml(vpc, tag), tag, items)

    def subnet_with_ipv6(subnet, tag="item"):
        text, block = subnet_xml(subnet, tag), subnet.get("Ipv6Block")
        if block and subnet.get("AssignIpv6"):
            text = text.replace("<assignIpv6AddressOnCreation>false<", "<assignIpv6AddressOnCreation>true<")
        text = text.replace(f"<availableIpAddressCount>{subnet['AvailableIpAddressCount']}<", f"<availableIpAddressCount>{_free(subnet)}<")
        return _put_in(text, tag, _association(f"subnet-cidr-assoc-{subnet['SubnetId'][7:]}", block) if block else "")
    ec2._vpc_fields_xml, ec2._subnet_fields_xml = vpc_with_ipv6, subnet_with_ipv6


def _free(subnet):
    """What nothing has of a subnet's addresses: five are AWS's own."""
    ec2, subnet_id = _ec2(), subnet["SubnetId"]
    held = [eni for eni in ec2._network_interfaces.values() if eni["SubnetId"] == subnet_id]
    held += [nat for nat in ec2._nat_gateways.values() if nat["SubnetId"] == subnet_id and nat["State"] == "available"]
    held += [endpoint for endpoint in ec2._vpc_endpoints.values() if subnet_id in endpoint.get("SubnetIds", [])]
    return ipaddress.ip_network(subnet["CidrBlock"]).num_addresses - 5 - len(held)


def _association(association, block):
    state = "<state>associated</state>"
    return (f"<item><associationId>{association}</associationId><ipv6CidrBlock>{block}</ipv6CidrBlock>"
            f"<ipv6CidrBlockState>{state}</ipv6CidrBlockState></item>")


def _put_in(text, tag, items):
    if not items:
        return text
    return text.removesuffix(f"</{tag}>") + f"<ipv6CidrBlockAssociationSet>{items}</ipv6CidrBlockAssociationSet></{tag}>"


# --- security group rules

def _rule(side):
    def create(logical_id, properties, stack_name):
        from ministack.services.cloudformation import provisioners
        group = _ec2()._security_groups.get(properties.get("GroupId"))
        if not group:
            raise kinds.refusal(f"The security group '{properties.get('GroupId')}' does not exist", "Ec2", 400)
        group.setdefault(side, []).extend(provisioners._ec2_sg_permissions([properties]))
        rule = kinds.new_id("sgr")
        return rule, {"Id": rule}

    def delete(rule, properties):
        from ministack.services.cloudformation import provisioners
        group = _ec2()._security_groups.get(properties.get("GroupId"), {})
        for permission in provisioners._ec2_sg_permissions([properties]):
            if permission in group.get(side, []):
                group[side].remove(permission)
    return create, delete


# --- endpoints

def _endpoint_completed(go, *given):
    """An interface endpoint has network interfaces, groups, and names of its own."""
    endpoint, attributes = go(*given)
    record = _ec2()._vpc_endpoints[endpoint]
    properties = given[1] if len(given) == 3 else given[2]
    record["PrivateDnsEnabled"] = kinds.flag(properties.get("PrivateDnsEnabled"))
    record["SecurityGroupIds"] = properties.get("SecurityGroupIds") or []
    if record["VpcEndpointType"] == "Interface":
        kept = record.get("NetworkInterfaceIds") or []
        record["NetworkInterfaceIds"] = (kept + [kinds.new_id("eni") for _ in record["SubnetIds"]])[:len(record["SubnetIds"])]
        service = record["ServiceName"].removeprefix("com.amazonaws.")
        region, _, name = service.partition(".")
        record["DnsEntries"] = [f"Z7HUB22UULQXV:{endpoint}-{endpoint[5:13]}.{name}.{region}.vpce.amazonaws.com"]
        attributes = {**attributes, "NetworkInterfaceIds": record["NetworkInterfaceIds"], "DnsEntries": record["DnsEntries"]}
    return endpoint, attributes


def _show_endpoints():
    """DescribeVpcEndpoints tells groups and private DNS too, and CreateVpcEndpoint takes them."""
    ec2 = _ec2()
    shown, create = ec2._vpce_fields_xml, ec2._ACTION_MAP["CreateVpcEndpoint"]

    def endpoint_with_doors(endpoint, tag="item"):
        groups = "".join(f"<item><groupId>{group}</groupId></item>" for group in endpoint.get("SecurityGroupIds", []))
        private = "true" if endpoint.get("PrivateDnsEnabled") else "false"
        more = f"<groupSet>{groups}</groupSet><privateDnsEnabled>{private}</privateDnsEnabled>"
        return shown(endpoint, tag).removesuffix(f"</{tag}>") + more + f"</{tag}>"

    def created(params):
        before = set(ec2._vpc_endpoints)
        answer = create(params)
        for made in set(ec2._vpc_endpoints) - before:
            record, interface = ec2._vpc_endpoints[made], ec2._p(params, "VpcEndpointType") == "Interface"
            record["PrivateDnsEnabled"] = interface and ec2._p(params, "PrivateDnsEnabled", "true") == "true"
            record["SecurityGroupIds"] = ec2._parse_member_list(params, "SecurityGroupId")
        return answer
    ec2._vpce_fields_xml, ec2._ACTION_MAP["CreateVpcEndpoint"] = endpoint_with_doors, created
