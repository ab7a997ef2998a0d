"""Puts the engine's parts into ministack, and answers what the front door asks them."""

from engine import (answers, certificates, changes, database, events, existing, history, identity, imports, listings, names, network, operations, quilt, quotas, refusals, runtime, search,
                    shared, snapshots, storage, templates, transit, vault)


def install():
    """Order matters only where a part wraps what an earlier one put in place: the stores come first, operations last, around every resource type."""
    shared.install()
    names.check()
    for part in (templates, refusals, answers, changes, listings, network, transit, database, snapshots, search, storage, identity, certificates, quilt, quotas, runtime, vault, events, history,
                 existing, imports, operations):
        part.install()


def refuse(request):
    """An answer that keeps a request from ministack, which may know no such service, or None."""
    return storage.refuse(request) or quotas.answer(request)


def account(request):
    """The account the request acts in."""
    from ministack.core import responses
    responses.set_request_account_id(request.access_key())
    return responses.get_account_id()


def secrets(call):
    """Names of the NoEcho parameters of the stack a call is about."""
    if call["service"] != "cloudformation" or not call["parameters"].get("StackName"):
        return frozenset()
    from ministack.core import responses
    responses.set_request_region(call["region"])
    return templates.secret_parameters(call["parameters"])
