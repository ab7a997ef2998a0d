"""Every name of ministack that the engine calls, patches or reads. Most are private: an upgrade may take them away, and then the start says which."""

import ast
import importlib.util
import pathlib

NAMES = {
    "app": "_get_reset_lock _reset_all_state app",
    "core.responses":
        "AccountRegionScopedDict AccountScopedDict error_response_json get_account_id get_region now_iso set_request_account_id "
        "set_request_region",
    "services.acm": "_cert_shape _certificates _decode_pem_field _import_certificate _request_certificate",
    "services.alb": "_ACTION_MAP _p _targets _tgs _xml",
    "services.athena": "_create_data_catalog _delete_data_catalog _update_data_catalog",
    "services.cloudformation": "_change_sets _stack_events _stacks",
    "services.cloudformation.changesets":
        "_diff_resources _evaluate_conditions _find_change_set _import_resource _import_resources_async _resolve_props_for_diff",
    "services.cloudformation.drift": "_DRIFT_READERS",
    "services.cloudformation.engine":
        "_NO_VALUE _constraint_error _evaluate_conditions _extract_deps _intrinsic_references _parse_template _resolve_parameters "
        "_resolve_refs _topological_sort validate_template_support",
    "services.cloudformation.handlers":
        "_ACTION_HANDLERS _capabilities_enforced _capabilities_xml _parse_template _resolve_stack _stack_drift_information_xml "
        "_stack_has_no_updates validate_template_support",
    "services.cloudformation.helpers": "_error _esc _extract_string_members _p _page _resolve_document _resolve_template _xml",
    "services.cloudformation.provisioners":
        "_REPLACING_PROPERTIES _RESOURCE_HANDLERS _cfn_bool _delete_predecessor _delete_resource _ec2_apply_tags _ec2_sg_permissions "
        "_physical_name _rds_db_instance_create _rds_db_instance_delete _seeded_create",
    "services.cloudformation.stacks":
        "_add_event _extract_deps _fail_property_validation _operation_event _runs_on_worker_thread _stack_region_context "
        "_validation_errors",
    "services.cloudtrail": "_create_trail _delete_trail _get_event_queue _put_event_selectors _start_logging _stop_logging _trail_arn _update_trail",
    "services.cloudwatch_logs": "_create_log_group _create_log_stream _put_log_events",
    "services.ec2":
        "_ACTION_MAP _addresses _ensure_defaults_initialized _error _flow_logs _nat_gateways _network_interfaces _now_ts _p _parse_filters "
        "_parse_member_list _route_tables _security_groups _subnet_fields_xml _subnets _vpc_endpoints _vpc_fields_xml _vpce_fields_xml _vpcs _xml",
    "services.ecs": "_services _tasks",
    "services.iam": "_IAM_HANDLERS _create_service_linked_role _error _p _policies _roles",
    "services.kms": "HAS_CRYPTO _require_crypto _set_asymmetric_material",
    "services.lambda_svc": "_get_func_record_for_ref",
    "services.opensearch": "_domains _error _json _public _update_domain_config handle_request",
    "services.rds": "_ACTION_MAP _create_snapshot_internal _error _format_time _instances _p _parse_tags _resolve_instance _snapshot_xml _snapshots _tags _xml",
    "services.s3": "_bucket_has_versions _buckets _delete_object _get_object_data _put_object",
    "services.secretsmanager": "_put_secret_value _remove_stage_everywhere _resolve",
    "services.ssm": "_PUBLIC_AMI_PARAMETERS",
    "services.waf":
        "_associate_web_acl _associations _create_regex_pattern_set _delete_regex_pattern_set _disassociate_web_acl _get_regex_pattern_set "
        "_update_regex_pattern_set",
}

# Put there by the engine: what stands in for a package that is not installed
_OURS = {("services.kms", "rsa")}


def check():
    """Ends the start where ministack is another than the engine was written for."""
    from importlib import metadata
    gone = [f"{module}.{name}" for module, names in NAMES.items() for name in names.split() if not _has(module, name)]
    if gone:
        raise SystemExit(f"test cloud: ministack {metadata.version('ministack')} has no longer what the engine builds on: {', '.join(gone)}")


def unlisted():
    """Names that the engine's files use and the table lacks."""
    listed = _OURS | {(module, name) for module, names in NAMES.items() for name in names.split()}
    files = pathlib.Path(__file__).parent.glob("*.py")
    return sorted({f"{module}.{name}" for file in files for module, name in _used(ast.parse(file.read_text())) if (module, name) not in listed})


def _has(module, name):
    try:
        return hasattr(importlib.import_module(f"ministack.{module}"), name)
    except ImportError:
        return False


def _used(tree):
    """What is imported from ministack's modules, and what is read from those modules."""
    imports = [(node.module.removeprefix("ministack."), alias) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
               and (node.module or "").startswith("ministack.") for alias in node.names]
    modules = {alias.asname or alias.name: f"{module}.{alias.name}" for module, alias in imports if _is_module(f"{module}.{alias.name}")}
    yield from ((module, alias.name) for module, alias in imports if not _is_module(f"{module}.{alias.name}"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            yield modules[node.value.id], node.attr


def _is_module(name):
    try:
        return bool(importlib.util.find_spec(f"ministack.{name}"))
    except ModuleNotFoundError:
        return False
