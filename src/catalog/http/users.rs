//! Users of a registry.

use async_trait::async_trait;
use graphql_client::GraphQLQuery;
use serde::Deserialize;

use super::Registry;
use crate::catalog::Users;
use crate::outcome::Result;
use crate::quilt::access::User;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "src/catalog/schema.graphql",
    query_path = "src/catalog/http/users.graphql"
)]
struct ListUsers;

#[derive(Deserialize)]
struct Answer {
    admin: OfAdmin,
}

#[derive(Deserialize)]
struct OfAdmin {
    user: OfUsers,
}

#[derive(Deserialize)]
struct OfUsers {
    list: Vec<Person>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Person {
    name: String,
    email: String,
    is_active: bool,
    is_admin: bool,
    is_service: bool,
    role: Option<Named>,
    extra_roles: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

impl From<Person> for User {
    fn from(person: Person) -> Self {
        Self {
            name: person.name,
            email: person.email,
            active: person.is_active,
            admin: person.is_admin,
            service: person.is_service,
            role: person.role.map(|role| role.name),
            extra_roles: person.extra_roles.into_iter().map(|role| role.name).collect(),
        }
    }
}

#[async_trait]
impl Users for Registry {
    async fn list(&self) -> Result<Vec<User>> {
        let Answer { admin } =
            self.query::<ListUsers, _>("list the users", list_users::Variables {}).await?;
        Ok(admin.user.list.into_iter().map(User::from).collect())
    }
}
