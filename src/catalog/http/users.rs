//! Users of a registry.

use async_trait::async_trait;
use graphql_client::GraphQLQuery;
use serde::Deserialize;
use serde_json::Value;

use super::Registry;
use crate::catalog::{UserOrder, Users};
use crate::outcome::Result;
use crate::quilt::access::User;

/// Queries of this file, each checked when it is compiled.
macro_rules! queries {
    ($($name:ident),*) => { $(
        #[derive(GraphQLQuery)]
        #[graphql(schema_path = "src/catalog/schema.graphql", query_path = "src/catalog/http/users.graphql")]
        struct $name;
    )* };
}

queries!(
    ListUsers,
    CreateUser,
    SetUserEmail,
    SetUserRoles,
    SetUserAdmin,
    SetUserActive,
    DeleteUser
);

const CHANGE: &str = "change the user";
const SUCCESS: &str = "User";

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
    is_sso_only: bool,
    is_role_assignment_disabled: bool,
    is_admin_assignment_disabled: bool,
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
            sso_only: person.is_sso_only,
            roles_ruled: person.is_role_assignment_disabled,
            admin_ruled: person.is_admin_assignment_disabled,
            role: person.role.map(|role| role.name),
            extra_roles: person.extra_roles.into_iter().map(|role| role.name).collect(),
        }
    }
}

impl Registry {
    /// Asks for a change of users, which stands deeper in the answer than others.
    async fn change_user<Q: GraphQLQuery>(
        &self,
        doing: &'static str,
        variables: Q::Variables,
        (at, success): (&str, &str),
    ) -> Result<()> {
        let mut data = self.once::<Q, Value>(doing, variables).await?;
        let of_user = data.pointer_mut(at).map(Value::take).unwrap_or_default();
        match of_user {
            // So it says that there is no such user.
            Value::Null => Err(self.refusal(doing, "UserDoesNotExist", "there is no such user")),
            mut found => {
                let result = found.get_mut("result").map(Value::take).unwrap_or_default();
                self.granted(doing, result, success).map(drop)
            }
        }
    }
}

const OF_ALL: &str = "/admin/user";
const OF_ONE: &str = "/admin/user/mutate";

#[async_trait]
impl Users for Registry {
    async fn list(&self) -> Result<Vec<User>> {
        let Answer { admin } =
            self.query::<ListUsers, _>("list the users", list_users::Variables {}).await?;
        Ok(admin.user.list.into_iter().map(User::from).collect())
    }

    async fn create(&self, order: &UserOrder) -> Result<()> {
        let UserOrder { name, email, role, extra_roles } = order.clone();
        let input = create_user::UserInput { name, email, role, extra_roles: Some(extra_roles) };
        let variables = create_user::Variables { input };
        self.change_user::<CreateUser>("make the user", variables, (OF_ALL, SUCCESS)).await
    }

    async fn set_email(&self, name: &str, email: &str) -> Result<()> {
        let variables = set_user_email::Variables { name: name.into(), email: email.into() };
        self.change_user::<SetUserEmail>(CHANGE, variables, (OF_ONE, SUCCESS)).await
    }

    async fn set_roles(&self, name: &str, role: &str, extra_roles: &[String]) -> Result<()> {
        let (name, role) = (name.to_string(), role.to_string());
        let extra_roles = Some(extra_roles.to_vec());
        let variables = set_user_roles::Variables { name, role, extra_roles };
        self.change_user::<SetUserRoles>(CHANGE, variables, (OF_ONE, SUCCESS)).await
    }

    async fn set_admin(&self, name: &str, admin: bool) -> Result<()> {
        let variables = set_user_admin::Variables { name: name.into(), admin };
        self.change_user::<SetUserAdmin>(CHANGE, variables, (OF_ONE, SUCCESS)).await
    }

    async fn set_active(&self, name: &str, active: bool) -> Result<()> {
        let variables = set_user_active::Variables { name: name.into(), active };
        self.change_user::<SetUserActive>(CHANGE, variables, (OF_ONE, SUCCESS)).await
    }

    async fn delete(&self, name: &str) -> Result<()> {
        let variables = delete_user::Variables { name: name.into() };
        self.change_user::<DeleteUser>("delete the user", variables, (OF_ONE, "Ok")).await
    }
}
