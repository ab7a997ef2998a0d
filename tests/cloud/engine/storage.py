"""S3 across accounts: bucket names are everybody's, other people's buckets are closed, an expected owner must be the owner; full buckets stay."""

from engine import kinds


def install():
    kinds.wrap("AWS::S3::Bucket", "delete", _empty)


def refuse(request):
    """403 or 409 where the bucket is not whose the caller thinks, or None."""
    from engine import parts, record
    if record.service(request) != "s3" or not request.s3_bucket():
        return None
    mine, owner = parts.account(request), _owner(request.s3_bucket())
    expected = request.headers.get("x-amz-expected-bucket-owner")
    if owner and request.method == "PUT" and not request.s3_key() and not request.query and owner != mine:
        return _error(request, 409, "BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
                                                           "Please select a different name and try again.")
    if owner and (owner != mine or (expected and expected != owner)):
        return _error(request, 403, "AccessDenied", "Access Denied")
    return None


def has(account, bucket):
    """Whether the account has such a bucket."""
    return _owner(bucket) == account


def _owner(bucket):
    from ministack.services import s3
    return next((account for account, name in list(s3._buckets._data) if name == bucket), None)


def _error(request, status, code, message):
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message><BucketName>{request.s3_bucket()}</BucketName></Error>'
    return status, b"" if request.method == "HEAD" else body.encode(), "application/xml"


def _empty(go, bucket, properties):
    from ministack.services import s3
    held = s3._buckets.get(bucket)
    if held and (held["objects"] or s3._bucket_has_versions(bucket)):
        versioned = " You must delete all versions in the bucket." if s3._bucket_has_versions(bucket) else ""
        raise kinds.refusal(f"The bucket you tried to delete is not empty.{versioned}", "S3", 409)
    return go(bucket, properties)
