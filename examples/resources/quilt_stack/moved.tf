# Taken over from aws: a stack that the aws provider managed, without being touched. Needs Terraform 1.8 or later, or OpenTofu 1.10 or later.
moved {
  from = aws_cloudformation_stack.notices
  to   = quilt_stack.topic
}
