"""Secrets Manager: a label is on one version of a secret alone, whichever call puts it there."""

import json


def install():
    from ministack.services import secretsmanager
    go = secretsmanager._put_secret_value

    def put(data):
        answer = go(data)
        if answer[0] == 200:
            version = json.loads(answer[2])["VersionId"]
            _, secret = secretsmanager._resolve(data["SecretId"])
            for label in data.get("VersionStages") or ():
                secretsmanager._remove_stage_everywhere(secret, label, except_version_id=version)
        return answer

    secretsmanager._put_secret_value = put
