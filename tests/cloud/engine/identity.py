"""IAM: service-linked roles under the names AWS gives them."""

NAMES = {"es.amazonaws.com": "AWSServiceRoleForAmazonElasticsearchService", "opensearchservice.amazonaws.com": "AWSServiceRoleForAmazonOpenSearchService",
         "ecs.amazonaws.com": "AWSServiceRoleForECS", "rds.amazonaws.com": "AWSServiceRoleForRDS", "elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing"}


def install():
    from ministack.services import iam
    iam._IAM_HANDLERS["CreateServiceLinkedRole"] = _create


def _create(params):
    from ministack.services import iam
    service = iam._p(params, "AWSServiceName")
    name = NAMES.get(service) or f"AWSServiceRoleFor{service.partition('.')[0].capitalize()}"
    if name in iam._roles:
        return iam._error(400, "InvalidInput", f"Service role name {name} has been taken in this account, please try a different suffix.", ns="iam")
    go = iam._create_service_linked_role
    status, headers, body = go(params)
    made = f"AWSServiceRoleFor{service.partition('.')[0].capitalize()}"
    if status != 200 or made == name:
        return status, headers, body
    role = iam._roles.pop(made)
    iam._roles[name] = {**role, "RoleName": name, "Arn": role["Arn"].replace(made, name)}
    return status, headers, body.replace(made.encode(), name.encode())
