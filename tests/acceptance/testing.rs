//! `terraform test` with real applies: several plans, applies and the clearing up go through one process of the provider.

use super::{free, queues};

const FILE: &str = r#"
provider "quilt" {}

run "makes" {
  assert {
    condition     = quilt_stack.this.status == "CREATE_COMPLETE"
    error_message = "it is not made"
  }
}

run "plans" {
  command = plan
}

run "fails_as_expected" {
  command = plan
  variables {
    size = 7
  }
  expect_failures = [var.size]
}

run "changes" {
  variables {
    size = 2048
  }
  assert {
    condition     = quilt_stack.this.outputs["Size"] == "2048"
    error_message = "it is not changed"
  }
}
"#;

#[test]
fn runs_of_a_test_file_do_not_stand_in_each_others_way() {
    let (cloud, project) = queues();
    let variable = "variable \"size\" {\n  default = 1024\n  validation {\n    condition     = var.size > 1000\n    error_message = \"Too small.\"\n  }\n}\n";
    let parameters = "  parameters = { Size = var.size }";
    project.main(&format!("{variable}{}", free(parameters)));
    project.write("tests/stack.tftest.hcl", FILE);
    project.run(&["test", "-no-color"]).ok().says("4 passed, 0 failed");
    assert!(
        cloud.stack("queues").is_none_or(|stack| stack.status == "DELETE_COMPLETE"),
        "everything is cleared up"
    );
}
