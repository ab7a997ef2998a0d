"""ACM: an imported certificate is for the names written in it, a requested one may wait for its validation."""

import datetime
import json
import os
import ssl
import tempfile

from engine import plan


def install():
    from ministack.services import acm
    imported, requested, shape = acm._import_certificate, acm._request_certificate, acm._cert_shape
    acm._import_certificate = lambda data: _imported(imported, data)
    acm._request_certificate = lambda data: _requested(requested, data)
    acm._cert_shape = lambda certificate: _told(shape, certificate)


def _imported(go, data):
    from ministack.core.responses import error_response_json
    from ministack.services import acm
    try:
        read = _read(acm._decode_pem_field(data.get("Certificate")))
    except (ssl.SSLError, OSError, ValueError):
        return error_response_json("ValidationException", "The certificate field contains more than one certificate or is not a valid PEM.", 400)
    status, headers, body = go(data)
    if status == 200:
        held = acm._certificates[json.loads(body)["CertificateArn"]]
        names = [name for kind, name in read.get("subjectAltName", ()) if kind == "DNS"]
        common = next((value for part in read.get("subject", ()) for key, value in part if key == "commonName"), None)
        moment = lambda name: _iso(read[name])
        held |= {"DomainName": common or names[0], "SubjectAlternativeNames": names or [common], "NotBefore": moment("notBefore"), "NotAfter": moment("notAfter"),
                 "Serial": read.get("serialNumber", "")}
    return status, headers, body


def _read(pem):
    """Subject, names and dates of a certificate; Python's own test of its reader is the one that takes a file."""
    with tempfile.NamedTemporaryFile("w", suffix=".pem", delete=False) as file:
        file.write(pem)
    try:
        return ssl._ssl._test_decode_cert(file.name)
    finally:
        os.unlink(file.name)


def _iso(text):
    return datetime.datetime.fromtimestamp(ssl.cert_time_to_seconds(text), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _requested(go, data):
    """A plan's rule for the verb `issue` on the domain says how long its validation takes, or that it fails."""
    from ministack.core.responses import get_account_id
    from ministack.services import acm
    status, headers, body = go(data)
    if status == 200:
        acm._certificates[json.loads(body)["CertificateArn"]]["_issuing"] = plan.begin(get_account_id(), "", data["DomainName"], "issue")
    return status, headers, body


def _told(go, certificate):
    issuing = certificate.get("_issuing")
    imported = certificate.get("Type") == "IMPORTED"
    told = {**go(certificate), "RenewalEligibility": "INELIGIBLE" if imported or not certificate.get("InUseBy") else "ELIGIBLE"}
    if plan.lasts(issuing):
        return {**{name: value for name, value in told.items() if name not in ("IssuedAt", "NotBefore", "NotAfter")}, "Status": "PENDING_VALIDATION"}
    return {**told, "Status": "FAILED", "FailureReason": issuing[1]["fail"]} if issuing and issuing[1]["fail"] else told
