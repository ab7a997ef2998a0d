//! Which catalog an import is from: the provider block's, or that of the stack in this account and region whose host the id begins with.

use std::sync::Arc;

use super::{CatalogInput, open};
use crate::aws::Aws;
use crate::catalog::Catalog;
use crate::cloudformation::stack::Stack;
use crate::cx::Cx;
use crate::outcome::{Error, Result};
use crate::quilt::admin::{EMAIL, OWNER, secret_name};
use crate::quilt::hosts::bare;
use crate::tf::{AttributePath, Value};

/// The parameter of a stack that has its catalog's host.
const HOST: &str = "QuiltWebHost";

/// The catalog that something is imported from.
pub struct Imported {
    /// The catalog.
    pub catalog: Arc<Catalog>,
    /// What it is called in it.
    pub name: String,
    /// What leads there, where the provider block does not.
    pub input: Value<CatalogInput>,
}

/// The catalog of an id, and the name in it: `name` where the provider block names the catalog, and `host/name` in any case.
///
/// # Errors
/// Nothing says which catalog it is, or how to sign in to it.
pub async fn imported(cx: &Cx, id: &str, region: Option<&str>) -> Result<Imported> {
    if let Some(catalog) = of_block(cx).await? {
        let name = id.strip_prefix(&catalog.host).and_then(|rest| rest.strip_prefix('/'));
        let name = name.unwrap_or(id).to_string();
        return Ok(Imported { catalog, name, input: Value::Null });
    }
    match id.split_once('/') {
        Some((host, name)) => {
            Ok(Imported { name: name.into(), ..of_stack(cx, host, region).await? })
        }
        None => Err(unsaid(id)),
    }
}

/// The same of what a catalog has once, whose id is the host: every catalog has one, so the one of another host is another one.
///
/// # Errors
/// The same.
pub async fn setting(cx: &Cx, host: &str, region: Option<&str>) -> Result<Imported> {
    match of_block(cx).await? {
        Some(catalog) if catalog.host.eq_ignore_ascii_case(host) => {
            Ok(Imported { catalog, name: String::new(), input: Value::Null })
        }
        _ => of_stack(cx, host, region).await,
    }
}

/// The provider block's catalog; `None`: it has none.
async fn of_block(cx: &Cx) -> Result<Option<Arc<Catalog>>> {
    match cx.settings.catalog.is_none() && !cx.settings.catalog_open {
        true => Ok(None),
        false => cx.catalog(None).await.map(Some),
    }
}

/// The catalog of the one stack that has this host, by the password that its `quilt_stack` has made.
async fn of_stack(cx: &Cx, host: &str, region: Option<&str>) -> Result<Imported> {
    let aws = cx.aws(region).await?;
    let all = aws.stacks.list().await?;
    let has = |stack: &&Stack| {
        let own = stack.parameters.get(HOST).map(|own| bare(own));
        stack.status.exists()
            && !stack.nested
            && own.is_some_and(|own| own.eq_ignore_ascii_case(host))
    };
    let found: Vec<&Stack> = all.iter().filter(has).collect();
    let stack = match found[..] {
        [stack] => stack,
        [] => return Err(no_stack(cx, host, &aws.region)),
        _ => return Err(many(host, &found)),
    };
    let input = Value::Value(led(&aws, host, stack).await?);
    Ok(Imported { catalog: open(cx, &input).await?, name: String::new(), input })
}

/// What leads to a stack's catalog, in the words that its `quilt_stack` has for it.
async fn led(aws: &Aws, host: &str, stack: &Stack) -> Result<CatalogInput> {
    let name = secret_name(&stack.name);
    let held = aws.secrets.describe(&name).await?;
    let held = held.filter(|held| !held.going && held.tags.contains_key(OWNER));
    let (Some(secret), Some(email)) = (held, stack.parameters.get(EMAIL)) else {
        return Err(no_password(host, stack, &name));
    };
    Ok(CatalogInput {
        web_host: stack.parameters.get(HOST).cloned().into(),
        admin_email: email.clone().into(),
        admin_password_secret_arn: secret.arn.into(),
        registry_role_arn: stack.outputs.get("RegistryRoleARN").cloned().into(),
        api_key_secret_arn: Value::Null,
    })
}

const BLOCK: &str = "name the catalog in the provider block: `catalog { host = \"…\", api_key = … }` (one argument a line)";

fn unsaid(id: &str) -> Error {
    Error::config(
        AttributePath::root(),
        "An import needs to know which catalog it is from.",
        format!(
            "Write its host before the name, as `data.example.com/{id}`: the stack with that host is then looked for in this account and region. Or name it in the \
             provider block: `catalog {{ host = \"data.example.com\" … }}`."
        ),
    )
}

fn no_stack(cx: &Cx, host: &str, region: &str) -> Error {
    let block = match &cx.settings.catalog {
        Some(block) => format!("the provider block names the catalog {}", block.host),
        None => "the provider block names no catalog".into(),
    };
    Error::Failed {
        state: format!(
            "No stack in {region} has the host {host} (its parameter `{HOST}`), and {block}. Nothing was imported."
        ),
        next: format!(
            "Write the host before the name, as people open the catalog (`data.example.com/…`), and use the account and the region of its stack. Or {BLOCK}."
        ),
    }
}

fn many(host: &str, found: &[&Stack]) -> Error {
    let names = super::loss::named(found.iter().map(|stack| stack.name.clone()).collect());
    Error::Failed {
        state: format!(
            "{} stacks have the host {host}: {names}. Which of them the catalog is of cannot be told. Nothing was imported.",
            found.len()
        ),
        next: format!("To sign in to the one that answers at this host, {BLOCK}."),
    }
}

fn no_password(host: &str, stack: &Stack, name: &str) -> Error {
    Error::Failed {
        state: format!(
            "The stack {} has the host {host}, and nothing says how to sign in there: it has no secret {name} of a `quilt_stack`, which holds the password of its first \
             administrator (`{EMAIL}`). Nothing was imported.",
            stack.name
        ),
        next: format!("With an administrator's key or password, {BLOCK}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::fake::Fake;
    use crate::catalog::{SignIn, Site};
    use crate::cx::Settings;
    use crate::tf::known;

    const PASSWORD: &str = "quilt/prod/admin-password";

    fn stack(fake: Fake, name: &str) -> Fake {
        fake.having(name, &[(HOST, "data.example.com"), (EMAIL, "admin@example.com")])
    }

    fn fake() -> Fake {
        stack(Fake::default(), "prod").holding(PASSWORD, "hunter2hunter2").tagged(PASSWORD, OWNER)
    }

    async fn refused(fake: Fake, id: &str) -> String {
        match imported(&fake.cx(), id, None).await {
            Err(Error::Failed { state, next }) => format!("{state} {next}"),
            Err(e) => e.to_string(),
            Ok(found) => panic!("found in {}", found.catalog.host),
        }
    }

    #[tokio::test]
    async fn an_import_is_from_the_provider_blocks_catalog() {
        let (cx, key) = (Fake::default().cx(), SignIn::Key("qk_1".to_string().into()));
        let catalog = Some(Site { host: "data.example.com".into(), sign_in: key });
        let cx = Cx { settings: Arc::new(Settings { catalog, ..Settings::default() }), ..cx };
        for id in ["Analysts", "data.example.com/Analysts"] {
            let found = imported(&cx, id, None).await.unwrap();
            assert_eq!((found.name.as_str(), found.input), ("Analysts", Value::Null));
        }
        assert_eq!(setting(&cx, "Data.example.com", None).await.unwrap().input, Value::Null);
    }

    #[tokio::test]
    async fn a_setting_of_another_host_is_never_the_provider_blocks() {
        let (cx, key) = (fake().cx(), SignIn::Key("qk_1".to_string().into()));
        let catalog = Some(Site { host: "other.example.com".into(), sign_in: key });
        let cx = Cx { settings: Arc::new(Settings { catalog, ..Settings::default() }), ..cx };
        let found = setting(&cx, "data.example.com", None).await.unwrap();
        assert_eq!(found.catalog.host, "data.example.com");
        let Err(Error::Failed { state, .. }) = setting(&cx, "new.example.com", None).await else {
            panic!("there is no such catalog")
        };
        let words = "has the host new.example.com (its parameter `QuiltWebHost`), and the provider block names the catalog other.example.com.";
        assert!(state.contains(words), "{state}");
    }

    #[tokio::test]
    async fn or_from_that_of_the_stack_with_the_host() {
        let fake = fake();
        let found = imported(&fake.cx(), "data.example.com/data/samples", None).await.unwrap();
        assert_eq!(
            (found.catalog.host.as_str(), found.name.as_str()),
            ("data.example.com", "data/samples")
        );
        let arn = fake.held(PASSWORD).unwrap().0.arn;
        let input = CatalogInput {
            web_host: known("data.example.com"),
            admin_email: known("admin@example.com"),
            admin_password_secret_arn: arn.into(),
            ..CatalogInput::default()
        };
        assert_eq!(found.input, Value::Value(input.clone()));
        let once = setting(&fake.cx(), "data.example.com", None).await.unwrap();
        assert_eq!(once.input, Value::Value(input));
        assert_eq!(fake.calls().iter().filter(|call| call.starts_with("list")).count(), 2);
    }

    #[tokio::test]
    async fn what_is_missing_is_told() {
        let id = "data.example.com/Analysts";
        for (fake, id, words) in [
            (fake(), "Analysts", "Write its host before the name, as `data.example.com/Analysts`"),
            (
                fake(),
                "other.example.com/Analysts",
                "No stack in us-east-1 has the host other.example.com",
            ),
            (stack(fake(), "next"), id, "2 stacks have the host data.example.com: "),
            (fake().losing(PASSWORD), id, "it has no secret quilt/prod/admin-password"),
            (
                fake().holding(PASSWORD, "of somebody else"),
                id,
                "it has no secret quilt/prod/admin-password",
            ),
        ] {
            let said = refused(fake, id).await;
            assert!(said.contains(words), "{said}");
        }
    }
}
