import {
  to = quilt_stack.this
  id = "quilt-prod"
}
