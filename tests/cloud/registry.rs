//! The registry of an account's Quilt stack, as tests see it: where it answers, what it holds, and what they set of it.

use serde_json::{Value, json};

use super::{Cloud, front, http, launcher};

/// Name and password of the first administrator.
pub const ADMIN: (&str, &str) = ("admin", "hunter2hunter2");

/// The registry of one account; `Cloud::calls` has what it was asked, by `registry` as the service.
pub struct Registry<'a>(&'a Cloud);

impl Cloud {
    /// The account's registry: as that of a new stack, until somebody changes it.
    pub fn registry(&self) -> Registry<'_> {
        launcher::port();
        Registry(self)
    }
}

impl Registry<'_> {
    /// The address of the catalog's web host, for `endpoints { catalog = … }`.
    pub fn endpoint(&self) -> String {
        front::of(self.0.account()).web
    }

    /// The address of the registry itself.
    pub fn address(&self) -> String {
        front::of(self.0.account()).registry
    }

    /// Everything it holds, by names; no secrets.
    pub fn holds(&self) -> Value {
        self.control("GET", "", None)
    }

    /// Sets some of its behaviour: `{"platform": "1.60.0", "index_seconds": 5}`. All of it stands in `engine/registry/state.py`.
    pub fn set(&self, wanted: Value) {
        self.control("PUT", "", Some(&wanted));
    }

    /// What an administrator does elsewhere, past Terraform and the weather; returns `data`.
    pub fn does(&self, query: &str, variables: Value) -> Value {
        let sent = json!({"query": query, "variables": variables});
        let answer = self.control("POST", "/graphql", Some(&sent));
        assert!(answer["errors"].is_null(), "{query}: {answer}");
        answer["data"].clone()
    }

    /// Makes an API key of an administrator's.
    pub fn key(&self, name: &str) -> String {
        let query = "mutation($name: String!) { apiKeyCreate(input: {name: $name}) { ... on APIKeyCreated { secret } } }";
        let made = self.does(query, json!({"name": name}));
        made["apiKeyCreate"]["secret"].as_str().expect("a key was made").to_owned()
    }

    /// Ends all `access` or `refresh` tokens, as time would.
    pub fn expire(&self, tokens: &str) {
        self.control("POST", "/expire", Some(&json!({"use": tokens})));
    }

    /// So many days go by for the API keys of this name.
    pub fn ages(&self, key: &str, days: i64) {
        self.control("POST", "/age", Some(&json!({"name": key, "days": days})));
    }

    /// The API keys of this name that let somebody in, by id.
    pub fn live_keys(&self, name: &str) -> Vec<String> {
        let holds = self.holds();
        let all = holds["keys"].as_array().expect("a list").iter();
        let live = all.filter(|key| key["name"] == name && key["status"] == "ACTIVE");
        live.map(|key| key["id"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// A code as a person copies it after a sign-in by the identity provider.
    pub fn code(&self, user: &str) -> String {
        let made = self.control("POST", "/code", Some(&json!({"name": user})));
        made["code"].as_str().expect("a code was made").to_owned()
    }

    /// A person signs in by the identity provider, with these claims.
    pub fn signs_in(&self, email: &str, claims: Value) -> Value {
        self.control("POST", "/sign-in", Some(&json!({"email": email, "claims": claims})))
    }

    /// The queries and changes it was asked, in order, by their fields: `query.roles`, `bucketAdd`, `admin.user.create`.
    pub fn asked(&self) -> Vec<String> {
        let calls = self.0.calls().into_iter().filter(|call| call.service == "registry");
        calls.map(|call| call.action).collect()
    }

    /// The changes among them.
    pub fn changes(&self) -> Vec<String> {
        let reads = |action: &String| {
            action.starts_with("query.") || ["config", "login", "token"].contains(&action.as_str())
        };
        self.asked().into_iter().filter(|action| !reads(action)).collect()
    }

    fn control(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        http::control(method, &self.0.of_account(&format!("/_cloud/registry{path}")), body)
    }
}
