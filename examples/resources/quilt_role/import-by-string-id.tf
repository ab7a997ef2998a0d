import {
  to = quilt_role.analysts
  id = "Analysts"
}
