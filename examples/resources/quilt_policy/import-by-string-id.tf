import {
  to = quilt_policy.science
  id = "Science"
}
