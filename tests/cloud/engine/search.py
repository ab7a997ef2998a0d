"""Search domains of the older type: `AWS::Elasticsearch::Domain` is the same domain under other property names."""


def install():
    from ministack.services.cloudformation import provisioners
    provisioners._RESOURCE_HANDLERS["AWS::Elasticsearch::Domain"] = {"create": _create, "update": _update, "update_with_logical_id": True,
                                                                     "delete": provisioners._opensearch_domain_delete}


def _renamed(properties):
    renamed = {name: value for name, value in properties.items() if name not in ("ElasticsearchVersion", "ElasticsearchClusterConfig")}
    renamed["EngineVersion"] = f"Elasticsearch_{properties.get('ElasticsearchVersion', '1.5')}"
    if "ElasticsearchClusterConfig" in properties:
        renamed["ClusterConfig"] = properties["ElasticsearchClusterConfig"]
    return renamed


def _create(logical_id, properties, stack_name):
    from ministack.services.cloudformation import provisioners
    return provisioners._opensearch_domain_create(logical_id, _renamed(properties), stack_name)


def _update(physical_id, old, new, stack_name, logical_id=None):
    from ministack.services.cloudformation import provisioners
    return provisioners._opensearch_domain_update(physical_id, _renamed(old), _renamed(new), stack_name, logical_id)
