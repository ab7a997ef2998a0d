//! A catalog as people set it up: roles, policies and what else stands in it, against the test cloud's registry.

mod api_key;
mod buckets;
pub mod roles;
pub mod settings;
mod users;

use super::terraform::Project;
use crate::cloud::Cloud;

/// The provider block for the account's catalog, signed in to by an API key.
pub fn by_key(cloud: &Cloud) -> String {
    let registry = cloud.registry();
    format!(
        "provider \"quilt\" {{\n  catalog {{\n    host    = \"data.example.com\"\n    api_key = \"{}\"\n  }}\n  endpoints {{\n    catalog = \"{}\"\n  }}\n}}\n",
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
