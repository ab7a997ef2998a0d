# Values for the test template. Ids and names here exist nowhere; put your own.
web_host        = "quilt.example.com"
certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
admin_email     = "admin@example.com"

parameters = {
  CloudTrailBucket         = "example-cloudtrail-bucket"
  CanaryNotificationsEmail = "admin@example.com"
}
