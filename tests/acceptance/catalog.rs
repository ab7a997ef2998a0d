//! A catalog as people set it up: roles, policies and what else stands in it, against the test cloud's registry.

mod buckets;
mod imports;
pub mod roles;
pub mod settings;
mod tables;
mod users;

use super::terraform::Project;
use crate::cloud::Cloud;

/// The provider block for the account's catalog, signed in to by an API key.
pub fn by_key(cloud: &Cloud) -> String {
    format!("provider \"quilt\" {{\n{}}}\n", inside(cloud))
}

/// What stands in it.
pub fn inside(cloud: &Cloud) -> String {
    let registry = cloud.registry();
    format!(
        "  catalog {{\n    host    = \"data.example.com\"\n    api_key = \"{}\"\n  }}\n  endpoints {{\n    catalog = \"{}\"\n  }}\n",
        registry.key("terraform"),
        registry.endpoint()
    )
}

/// An account with a catalog, and a project that may change it.
pub fn project() -> (Cloud, Project) {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.provider(&by_key(&cloud));
    (cloud, project)
}
