# Any other template: every CloudFormation template works, with the argument names of aws_cloudformation_stack.
resource "quilt_stack" "topic" {
  name = "notices"

  template_body = jsonencode({
    Parameters = { Title = { Type = "String" } }
    Resources  = { Topic = { Type = "AWS::SNS::Topic", Properties = { DisplayName = { Ref = "Title" } } } }
    Outputs    = { Arn = { Value = { Ref = "Topic" } } }
  })

  parameters = {
    Title = "Notices"
  }
}
